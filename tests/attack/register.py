"""The attacker at the register API: lists, counts, cursors, logs, feeds, search, conditions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .attacker import Attacker

API = "/api/safeguarding/v1/"


@dataclass
class RegisterAttack:
    """Remembers every record, ETag and cursor that it was ever given."""

    attacker: Attacker
    records: dict[str, str] = field(default_factory=dict)
    """UUIDs, with the last ETag of each."""
    cursors: set[str] = field(default_factory=set)

    def get(self, path: str, **options: Any) -> Any:
        response = self.attacker.get(path if path.startswith("/") else API + path, **options)
        assert response.status_code < 500, path
        return response

    def attack(self) -> None:
        self._try_lists()
        self._try_records()
        self._try_logs()
        self._try_searches()

    def _try_lists(self) -> None:
        listed = self._walk("records?fields=*&facets=*&limit=2&sort=title")
        seen = {item["uuid"] for item in listed}
        assert seen == {item["uuid"] for item in self._walk("records?limit=3")}
        visible = self.attacker.world.readable_titles()
        titles = sorted(item["title"] for item in listed if item["kind"] == "review")
        assert titles == sorted(visible), "the list is not what the public can see"
        for uuid in seen:
            self.records.setdefault(uuid, "")
        for path in ("export.csv", "export.jsonl", "feed.atom", "feed.json", "catalogue"):
            response = self.get(path)
            assert response.status_code == 200, path
        for cursor in sorted(self.cursors)[-3:]:
            self.get(f"records?limit=2&sort=title&cursor={cursor}")

    def _walk(self, path: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = []
        while path:
            body = self.get(path).json()
            items += body["items"]
            path = body["next"]
            if path:
                self.cursors.add(path.rpartition("cursor=")[2])
            assert len(items) < 200, "the list does not end"
        return items

    def _try_records(self) -> None:
        for uuid in self.records:
            response = self.get(f"records/{uuid}")
            open_now = response.status_code == 200
            assert open_now or response.status_code in {404, 410}
            head = self.get(f"records/{uuid}", method="head")
            assert (head.status_code, head.body) == (response.status_code, b"")
            again = self.get(f"records/{uuid}", **{"If-None-Match": self.records[uuid] or '"x"'})
            assert open_now or again.status_code == response.status_code, "an ETag tells more"
            whatever = self.get(f"records/{uuid}", **{"If-None-Match": "*"})
            assert whatever.status_code == (304 if open_now else response.status_code)
            assert self.get(f"records/{uuid}/jsonld").status_code == response.status_code
            if open_now:
                self.records[uuid] = response["ETag"]

    def _try_logs(self) -> None:
        """The log keeps the hashes of what was public, and of nothing else."""
        with self.attacker.hashes_that_may_be_told():
            for uuid in self.records:
                assert self.get(f"records/{uuid}/history").status_code in {200, 404}
            path = "changes?limit=100"
            while path:
                body = self.get(path).json()
                path = body["next"] if body["more"] else ""
            for state in ("archived", "withdrawn"):
                self.get(f"records?state={state}&limit=100")
            # A document tells which of its versions were public once.
            for file in self.attacker.world.files.values():
                response = self.get(f"documents/{file.uuid}")
                is_open = file.document in self.attacker.current
                assert (response.status_code == 200) == is_open, response.body

    def _try_searches(self) -> None:
        for word in list(self._hidden_words())[-4:]:
            said = self.get(f"records?q={word}&facets=*").json()
            assert (said["count"], said["items"]) == (0, []), word
            assert all(not values for values in said["facets"].values()), word
        for file in list(self.attacker.current.values())[:2]:
            said = self.get(f"records?q={file.word}").json()
            assert said["count"] >= 1, "the text of a public file is not found"
            assert file.word in said["items"][0]["snippet"]["html"]

    def _hidden_words(self) -> Iterator[str]:
        return (word.decode() for word in sorted(self.attacker.secret) if word.isalnum())
