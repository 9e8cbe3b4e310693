"""What a person can put right about people: nobody of that name, too many of it, a name that is missing."""

from __future__ import annotations

from crm.errors import CrmError
from crm.i18n import mark


class PersonUnknown(CrmError):
    """The reference leads to nobody."""

    code = "person_unknown"
    message = mark("There is nobody called «{ref}». Check the spelling, or give the number: #12.")


class PersonAmbiguous(CrmError):
    """The reference leads to several people."""

    code = "person_ambiguous"
    message = mark("«{ref}» may be several people: {people}. Give the number.")


class PersonNameless(CrmError):
    """A person without a name, a nickname and any contact."""

    code = "person_nameless"
    message = mark("A person needs a name, a nickname or a contact. Fill in one of them.")


class ReferralLoop(CrmError):
    """A person who would have brought themselves, directly or by way of others."""

    code = "referral_loop"
    message = mark("{name} cannot have brought this person: it was the other way round. Choose somebody else.")


class TagNameless(CrmError):
    """A tag without a name."""

    code = "tag_nameless"
    message = mark("A tag needs a name.")


class ConversationNameless(CrmError):
    """A conversation with nobody."""

    code = "conversation_nobody"
    message = mark("A conversation needs somebody to have been in it. Choose a person.")


class ConversationInFuture(CrmError):
    """A conversation that has not taken place."""

    code = "conversation_in_future"
    message = mark("{day} is still to come. A conversation is logged when it has taken place.")


class ContactTwice(CrmError):
    """A contact that the person has already."""

    code = "contact_twice"
    message = mark("{value} is here already. Change that one, or type another.")


class NeedEmpty(CrmError):
    """An offer or a need without words."""

    code = "need_empty"
    message = mark("Say in a few words what it is about.")


class NeedTwice(CrmError):
    """An offer or a need that is there already."""

    code = "need_twice"
    message = mark("«{what}» is here already.")


class FieldGone(CrmError):
    """What was being changed is no more: somebody took it away meanwhile."""

    code = "field_gone"
    message = mark("This is no longer here: it was taken away meanwhile. Nothing was changed.")
