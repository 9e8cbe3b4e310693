"""What a person can put right about organisations."""

from __future__ import annotations

from crm.errors import CrmError
from crm.i18n import mark


class OrganisationUnknown(CrmError):
    """The organisation is not there."""

    code = "organisation_unknown"
    message = mark("There is no organisation «{ref}» any more.")


class OrganisationNameless(CrmError):
    """An organisation without a name."""

    code = "organisation_nameless"
    message = mark("An organisation needs a name.")


class OrganisationNotEmpty(CrmError):
    """An organisation that somebody belongs to is deleted."""

    code = "organisation_not_empty"
    message = mark("«{name}» has people, some of them perhaps in the trash. Move them first, or put it in the archive.")


class OrganisationMergedWithItself(CrmError):
    """Nothing else to merge."""

    code = "organisation_merge_alone"
    message = mark("Choose another organisation: «{name}» cannot be merged with itself.")
