"""Accounts and reps that reports name, by our ids or by those of other systems."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.schemas.history import OrderFacts, VisitFacts
from api.services.accounts import id_of
from api.services.errors import Fault, RefusedRequestError
from data import location_store, rep_store
from data.account_upsert import Key, find
from data.database import Session
from data.tables import Account

Report = VisitFacts | OrderFacts


@dataclass(frozen=True, slots=True)
class Meant:
    """
    What reports may mean.

    Parameters
    ----------
    by_id, by_key
        Accounts by our id, and by what a system calls them.
    rep_ids
        Of all reps, by our id as it is written.
    rep_keys
        Ids of reps by what a system calls them.
    """

    by_id: Mapping[int, Account]
    by_key: Mapping[Key, Account]
    rep_ids: Mapping[str, int]
    rep_keys: Mapping[Key, int]

    @classmethod
    def of(
        cls, session: Session, dataset_id: int, reports: Sequence[Report | RefusedRequestError]
    ) -> "Meant":
        """Read at once what these reports name."""
        read = [one for one in reports if not isinstance(one, RefusedRequestError)]
        numbers = (id_of(one.account_id) for one in read if one.account_id is not None)
        ids = {number for number in numbers if number is not None}
        keys = {
            (one.system, one.account_external_id)
            for one in read
            if one.system is not None and one.account_external_id is not None
        }
        found = find(session, dataset_id, keys)
        refs = rep_store.all_refs(session, dataset_id)
        return cls(
            location_store.by_id(session, dataset_id, sorted(ids)),
            {key: account for key, account in found.items() if account.deleted_at is None},
            {str(rep.id): rep.id for rep in rep_store.all_reps(session, dataset_id)},
            {(ref.system, ref.external_id): ref.rep_id for ref in refs},
        )

    def account(self, said: Report) -> Account:
        """
        Raises
        ------
        RefusedRequestError
            When there is no such account.
        """
        if said.account_id is not None:
            number = id_of(said.account_id)
            found = None if number is None else self.by_id.get(number)
            at, name = "/account_id", f"account {said.account_id!r}"
        else:
            found = self.by_key.get((said.system or "", said.account_external_id or ""))
            at = "/account_external_id"
            name = f"account {said.account_external_id!r} of {said.system}"
        if found is None:
            detail = f"There is no {name}. Send the account first."
            raise RefusedRequestError([Fault(at, "UNKNOWN_ACCOUNT", detail)])
        return found

    def rep_id(self, said: VisitFacts) -> int | None:
        """
        Raises
        ------
        RefusedRequestError
            When there is no such rep.
        """
        if said.rep_id is not None:
            found = self.rep_ids.get(said.rep_id)
            at, name = "/rep_id", f"rep {said.rep_id!r}"
        elif said.rep_external_id is not None:
            found = self.rep_keys.get((said.system or "", said.rep_external_id))
            at, name = "/rep_external_id", f"rep {said.rep_external_id!r} of {said.system}"
        else:
            return None
        if found is None:
            detail = f"There is no {name}. GET /api/v1/reps lists them; send the rep first."
            raise RefusedRequestError([Fault(at, "UNKNOWN_REP", detail)])
        return found
