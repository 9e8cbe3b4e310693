"""The colours of the house, light and dark: `design/guide.md` §2. Every text is at least 4.5:1 on every surface."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

Pair = tuple[str, str]
"""Background and text of a chip or an avatar."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """One theme's colours, as `#RRGGBB`. Names say the use, never the hue."""

    window: str
    surface: str
    sunken: str
    raised: str
    hover: str
    selected: str
    hair: str
    hair2: str
    text: str
    text2: str
    text3: str
    accent: str
    accent_hover: str
    accent_text: str
    accent_soft: str
    ok: str
    ok_soft: str
    ok_fill: str
    warn: str
    warn_soft: str
    warn_fill: str
    bad: str
    bad_soft: str
    bad_fill: str
    track: str
    chips: Mapping[str, Pair]
    avatars: tuple[Pair, ...]
    toast_edge: str
    on_accent: str = "#FFFFFF"
    on_warn: str = "#2A1D00"
    toast: str = "#2A2926"
    toast_text: str = "#FFFFFF"
    toast_hint: str = "#B8B4AA"
    toast_link: str = "#A3B8FF"
    toast_ok: str = "#7CCB8D"


LIGHT: Final = Tokens(
    window="#F5F4F1",
    surface="#FFFFFF",
    sunken="#FAF9F7",
    raised="#FFFFFF",
    hover="#F3F1ED",
    selected="#E9EEFC",
    hair="#E7E4DE",
    hair2="#D5D1C9",
    text="#1D1C1A",
    text2="#5E5B54",
    text3="#6C685F",
    accent="#2B53D0",
    accent_hover="#2347B5",
    accent_text="#2548BC",
    accent_soft="#E9EEFC",
    ok="#23763A",
    ok_soft="#E1F1E3",
    ok_fill="#1F7A3D",
    warn="#8A5A00",
    warn_soft="#FBEFD2",
    warn_fill="#F2B233",
    bad="#B3261E",
    bad_soft="#FCE6E3",
    bad_fill="#B3261E",
    track="#E9E6E0",
    toast_edge="#2A2926",
    chips=MappingProxyType(
        {
            "grey": ("#EEECE7", "#55524B"),
            "blue": ("#E6ECFD", "#24479F"),
            "teal": ("#DCF1EE", "#155E58"),
            "green": ("#E1F1E3", "#265F31"),
            "amber": ("#FBEFD2", "#754D06"),
            "red": ("#FCE6E3", "#97271F"),
            "plum": ("#F3E7F6", "#733A7E"),
        }
    ),
    avatars=(
        ("#E3E9F7", "#2F4F9A"),
        ("#DDEEEA", "#1E6158"),
        ("#E8EFDB", "#4A6320"),
        ("#F7E8D6", "#85520F"),
        ("#F8E1DF", "#96362D"),
        ("#F1E4F3", "#753F7F"),
        ("#E4E2F5", "#504699"),
        ("#E9E6E0", "#5A564D"),
    ),
)

DARK: Final = Tokens(
    window="#151514",
    surface="#1C1C1A",
    sunken="#191918",
    raised="#252523",
    hover="#262624",
    selected="#26304F",
    hair="#2F2E2B",
    hair2="#45433E",
    text="#EDEBE6",
    text2="#B8B4AA",
    text3="#A29D92",
    accent="#4A6DE8",
    accent_hover="#3F61DC",
    accent_text="#A3B8FF",
    accent_soft="#26304F",
    ok="#7CCB8D",
    ok_soft="#1D3524",
    ok_fill="#1F7A3D",
    warn="#F0BE5A",
    warn_soft="#3B2F14",
    warn_fill="#E5A72B",
    bad="#FF9C90",
    bad_soft="#43211E",
    bad_fill="#B3352B",
    track="#33322F",
    toast_edge="#45433E",
    chips=MappingProxyType(
        {
            "grey": ("#302F2C", "#C6C2B9"),
            "blue": ("#26304F", "#A9BCFF"),
            "teal": ("#17352F", "#84D3C6"),
            "green": ("#1D3524", "#8ED49D"),
            "amber": ("#3B2F14", "#F0C368"),
            "red": ("#43211E", "#FFA79C"),
            "plum": ("#372440", "#DDAEE8"),
        }
    ),
    avatars=(
        ("#27345A", "#AFC1FB"),
        ("#1B3B36", "#8AD0C4"),
        ("#2E3A1D", "#B9D08A"),
        ("#432F18", "#EBBE86"),
        ("#482623", "#F5AAA1"),
        ("#3B2742", "#DDB2E6"),
        ("#302C52", "#BDB5F2"),
        ("#353430", "#C9C5BC"),
    ),
)


def tokens(*, dark: bool, contrast: bool = False) -> Tokens:
    """The colours of a theme; with `contrast` the borders of controls pass 3:1."""
    chosen = DARK if dark else LIGHT
    return replace(chosen, hair2="#8A867C" if dark else "#85817A") if contrast else chosen
