"""What the officer can do with a case of the operator's queue: each act with its title, its words, and its rights."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from privacy.actions.requests import close_request, extend, forward, identity, of_users
from privacy.actions.requests import rights_of_users as rights
from privacy.actions.requests.change_request import decide_right
from privacy.actions.requests.package import begin_package
from privacy.models import DataSubjectRequest, IdentityEvidence
from privacy.rights.history import Actor

Right = DataSubjectRequest.Right
Do = Callable[[DataSubjectRequest, str, Actor], Any]


@dataclass(frozen=True)
class Act:
    """One thing that can be done: what it is called, whether it needs words, and the rights it carries out."""

    title: str
    do: Do
    asks: bool = False
    rights: frozenset[str] = frozenset()  # none: it fits every case
    hint: str = ""  # what its words are, where no letter repeats them
    is_after: bool = False  # of a case that was answered: the end of a restriction


def _evidence(*, is_the_person: bool) -> Do:
    def act(case: DataSubjectRequest, text: str, by: Actor) -> None:
        way = IdentityEvidence.Way.OTHER
        identity.add_evidence(case, way=way, is_the_person=is_the_person, text=text, by=by)

    return act


def _for(*rights: str) -> frozenset[str]:
    return frozenset(rights)


ACTS: dict[str, Act] = {
    "confirm": Act("It is the person…", _evidence(is_the_person=True), asks=True),
    "doubt": Act("It is not the person…", _evidence(is_the_person=False), asks=True),
    "ask": Act(
        "Ask who it is (stops the clock)…",
        lambda case, text, by: identity.ask_question(case, text=text, is_about_identity=True, by=by),
        asks=True,
    ),
    "right": Act(
        "Decide which right is meant…",
        lambda case, text, by: decide_right(case, text.strip().lower(), by=by),
        asks=True,
        hint=f"One word: {', '.join(Right.values)}.",
    ),
    "pack": Act(
        "Make the package",
        lambda case, _text, by: begin_package(case, by=by),
        rights=_for(Right.ACCESS, Right.PORTABILITY),
    ),
    "erase": Act(
        "Erase the account", lambda case, _text, by: of_users.erase_user(case, by=by), rights=_for(Right.ERASURE)
    ),
    "rectify": Act(
        "Correct the name…",
        lambda case, text, by: rights.rectify_user(case, name=text, by=by),
        asks=True,
        rights=_for(Right.RECTIFICATION),
    ),
    "restrict": Act(
        "Restrict the account",
        lambda case, _text, by: rights.restrict_user(case, by=by),
        rights=_for(Right.RESTRICTION),
    ),
    "object": Act(
        "Stop what is objected to",
        lambda case, _text, by: rights.object_for_user(case, by=by),
        rights=_for(Right.OBJECTION),
    ),
    "withdraw": Act(
        "End the consent", lambda case, _text, by: rights.withdraw_for_user(case, by=by), rights=_for(Right.WITHDRAWAL)
    ),
    "refer": Act("Refer to the organization", lambda case, _text, by: close_request.refer_elsewhere(case, by=by)),
    "forward": Act(
        "Forward to the organization named (its address here)…",
        lambda case, text, by: forward.forward_request(case, slug=text, by=by),
        asks=True,
    ),
    "extend": Act("Extend…", lambda case, text, by: extend.extend_request(case, reason=text, by=by), asks=True),
    "refuse": Act("Refuse…", lambda case, text, by: close_request.refuse_request(case, reason=text, by=by), asks=True),
    "take-back": Act("The person took it back", lambda case, _text, by: close_request.take_back(case, by=by)),
    "announce": Act(
        "Tell the person that the restriction ends…",
        lambda case, text, by: rights.announce_end(case, reason=text, by=by),
        asks=True,
        rights=_for(Right.RESTRICTION),
        is_after=True,
    ),
    "lift": Act(
        "End the restriction",
        lambda case, _text, by: rights.end_restriction(case, by=by),
        rights=_for(Right.RESTRICTION),
        is_after=True,
    ),
}


def acts_for(case: DataSubjectRequest) -> list[dict[str, Any]]:
    """Return what can be done with a case of the operator's queue now; the act that takes it forward is the first."""
    if case.is_of_organization:
        return []
    if case.is_closed:
        fitting = {name: act for name, act in ACTS.items() if act.is_after and rights.is_restricted(case)}
    else:
        fitting = {
            name: act
            for name, act in ACTS.items()
            if not act.is_after
            and (not act.rights or case.right in act.rights)
            and (name != "right" or case.source == DataSubjectRequest.Source.MAIL)  # elsewhere the person chose it
        }
    return [
        {"name": name, "title": act.title, "is_first": bool(act.rights) if case.is_confirmed else name == "confirm"}
        for name, act in fitting.items()
    ]
