"""Ways to reach a person: reading them, comparing them, showing them, and the links Krug may compose.

Kinds are data: a kind names its words and what turns a typed value into its normal form, its shown form and its
link. A link is only ever composed from a value that passed its kind's check, never taken over from typed text.
phonenumbers and email-validator are loaded when something is not plain; plain Russian mobiles and plain ASCII
addresses are read here, with the same result (a test holds the two together).
"""

from crm.contact_points.emails import Email, normal_email, possible_emails
from crm.contact_points.kinds import KINDS, ContactPoint, Kind, guessed_kind, key, link, normal_handle, read, shown
from crm.contact_points.phones import REGION, Phone, digits, normal_phone, possible_phones, reversed_digits, shown_phone

__all__ = [
    "KINDS",
    "REGION",
    "ContactPoint",
    "Email",
    "Kind",
    "Phone",
    "digits",
    "guessed_kind",
    "key",
    "link",
    "normal_email",
    "normal_handle",
    "normal_phone",
    "possible_emails",
    "possible_phones",
    "read",
    "reversed_digits",
    "shown",
    "shown_phone",
]
