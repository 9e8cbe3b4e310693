"""What can be wrong with a rule. A rule that is wrong is never taken for «everyone»."""

from __future__ import annotations

from typing import ClassVar

from crm import i18n
from crm.errors import CrmError


class InvalidRule(CrmError):
    """A rule that means nothing; every other refusal of a rule is one of these."""

    code = "rule_invalid"
    message: ClassVar[str] = i18n.mark("The rule of this segment cannot be read. Put it together anew.")


class RuleVersionUnknown(InvalidRule):
    """Written by a newer Krug."""

    code = "rule_version_unknown"
    message: ClassVar[str] = i18n.mark("This rule has version {found}, this Krug knows version {known}. Update Krug.")


class RuleFieldUnknown(InvalidRule):
    """A field that is in no list of ours."""

    code = "rule_field_unknown"
    message: ClassVar[str] = i18n.mark("There is no field “{field}” to make a condition on. Choose another one.")


class RuleOperatorUnknown(InvalidRule):
    """An operator that this field does not have."""

    code = "rule_operator_unknown"
    message: ClassVar[str] = i18n.mark("The field “{field}” cannot be compared like this. Choose another comparison.")


class RuleValueEmpty(InvalidRule):
    """A condition without a value: it is not taken for «any»."""

    code = "rule_value_empty"
    message: ClassVar[str] = i18n.mark("The condition “{field}” has no value yet. Fill it in or remove it.")


class RuleValueWrong(InvalidRule):
    """A value that the field cannot have."""

    code = "rule_value_wrong"
    message: ClassVar[str] = i18n.mark("The condition “{field}” has a value that does not fit. Choose another one.")


class RuleTooDeep(InvalidRule):
    """More than `limit` groups inside each other."""

    code = "rule_too_deep"
    message: ClassVar[str] = i18n.mark("At most {limit} groups fit inside each other. Move conditions a level up.")


class RuleTooLarge(InvalidRule):
    """More than `limit` conditions, those of the segments it names included."""

    code = "rule_too_large"
    message: ClassVar[str] = i18n.mark("At most {limit} conditions fit into one rule. Split it into two segments.")


class RuleCycle(InvalidRule):
    """A segment that, step by step, is made of itself."""

    code = "rule_cycle"
    message: ClassVar[str] = i18n.mark("The segment “{name}” would be made of itself. Take it out of the rule.")


class BrokenRule(InvalidRule):
    """A rule about something that is no longer there."""

    code = "rule_broken"
    message: ClassVar[str] = i18n.mark("The rule speaks of something that was removed. Change or remove the condition.")


class RuleTagGone(BrokenRule):
    """A tag of the rule was deleted."""

    code = "rule_tag_gone"
    message: ClassVar[str] = i18n.mark("A tag of this rule was deleted. Choose another tag or remove the condition.")


class RuleSegmentGone(BrokenRule):
    """A segment of the rule was removed."""

    code = "rule_segment_gone"
    message: ClassVar[str] = i18n.mark(
        "A segment that this rule is made of was removed. Choose another one or remove the condition."
    )


class RuleEventGone(BrokenRule):
    """An event of the rule was deleted."""

    code = "rule_event_gone"
    message: ClassVar[str] = i18n.mark(
        "An event of this rule was deleted. Choose another event or remove the condition."
    )


class RuleKindGone(BrokenRule):
    """A kind of event of the rule was deleted."""

    code = "rule_kind_gone"
    message: ClassVar[str] = i18n.mark(
        "A kind of event of this rule was deleted. Choose another kind or remove the condition."
    )
