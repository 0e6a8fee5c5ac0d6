"""An anonymous attacker who forgets no address and tries every door after each step."""

from __future__ import annotations

import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import wagtail
from django.test import Client

from .register import RegisterAttack
from .world import File, World

HAS_V3 = wagtail.VERSION >= (8, 0)


def fetch(url: str, method: str = "GET") -> tuple[int, bytes]:
    """Ask the bucket itself, without any credentials."""
    try:
        with urllib.request.urlopen(
            urllib.request.Request(url, method=method), timeout=30
        ) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


@dataclass
class Attacker:
    world: World
    bucket_url: str | None = None
    """Where the files' bucket can be asked past the gate, if they are in one."""
    page_urls: set[str] = field(default_factory=set)
    page_ids: set[int] = field(default_factory=set)
    names: dict[int, set[str]] = field(default_factory=dict)
    """File names by document, of every version that ever was."""
    _unknowns: dict[Any, Any] = field(default_factory=dict)
    _register: RegisterAttack | None = None
    client: Client = field(default_factory=lambda: Client(raise_request_exception=True))

    def attack(self) -> None:
        """Try everything. AssertionError names the leak."""
        self._look_around()
        self.open_files = self.world.open_files()
        self.current = self.world.current(self.open_files)
        public = self.world.public_words(self.open_files)
        self.secret = {w.encode() for w in self.world.all_words() - public}
        for document, names in self.names.items():
            self._try_document(document, names)
        self._try_keys()
        self._try_pages()
        self._try_searches()
        self.register.attack()

    @property
    def register(self) -> RegisterAttack:
        if self._register is None:
            self._register = RegisterAttack(self)
        return self._register

    @contextmanager
    def hashes_that_may_be_told(self) -> Iterator[None]:
        """The hashes of files that were public once stay on record."""
        kept = self.secret
        once = {f.sha256.encode() for f in self.world.files.values() if f.was_public}
        self.secret = kept - once
        yield
        self.secret = kept

    def _look_around(self) -> None:
        for page in self.world.pages():
            self.page_ids.add(page.pk)
            if page.url:
                self.page_urls.add(page.url)
        for file in self.world.files.values():
            self.names.setdefault(file.document, set()).add(file.name)

    def get(self, url: str, *, method: str = "get", **headers: str) -> Any:
        """Ask, and look for secrets in whatever comes back, the headers included."""
        response = getattr(self.client, method)(url, headers=headers)
        if location := response.headers.get("Location", ""):
            # A signed URL holds the key of the one file that it reads; nothing else may.
            for pk in self.open_files:
                location = location.replace(self.world.files[pk].key, "")
        streaming = getattr(response, "streaming", False)
        body = b"".join(response.streaming_content) if streaming else response.content
        response.body = body
        headers_said = {**response.headers, "Location": location}
        said = body + str(sorted(headers_said.items())).encode()
        asked = url.encode()
        leaked = [w for w in self.secret if w in said and w not in asked]
        assert not leaked, f"{method.upper()} {url} {headers} tells {leaked}: {said[:2000]!r}"
        return response

    # Files

    def _try_document(self, document: int, names: set[str]) -> None:
        current = self.current.get(document)
        files = [f for f in self.world.files.values() if f.document == document]
        for number, name in enumerate(sorted(names)):
            url = f"/safeguarding/documents/{files[0].uuid}/{name}"
            if current is None:
                # The view knows the file's name only once it is public: one name will do.
                self._is_closed(url, files, thorough=number == 0)
            elif name != current.name:
                response = self.get(url)
                assert response.status_code == 301, url
                assert response["Location"].endswith(f"/{current.name}")
            else:
                self._is_open(url, current)

    def _is_open(self, url: str, file: File) -> None:
        if self.bucket_url:
            self._is_open_in_the_bucket(url, file)
            return
        response = self.get(url)
        assert response.status_code == 200, f"{url} should be public: {response.status_code}"
        assert response.body == file.data, f"{url} gives other bytes"
        assert response["ETag"] == f'"{file.sha256}"'
        assert "no-cache" in response["Cache-Control"]
        assert self.get(url, method="head").status_code == 200
        assert self.get(url, Range="bytes=0-3").body == file.data[:4]
        assert self.get(url, **{"If-None-Match": response["ETag"]}).status_code == 304

    def _is_open_in_the_bucket(self, url: str, file: File) -> None:
        for method in ("GET", "HEAD"):
            response = self.get(url, method=method.lower())
            assert response.status_code == 302, f"{url} should be public: {response.status_code}"
            assert response["Cache-Control"] == "private, no-store"
            status, data = fetch(response["Location"], method)
            assert (status, data) == (200, file.data if method == "GET" else b"")
        other = next((f for f in self.world.files.values() if f.key != file.key), file)
        tampered = response["Location"].replace(file.key, other.key)
        assert other is file or fetch(tampered)[0] == 403

    def _is_closed(self, url: str, files: list[File], *, thorough: bool) -> None:
        """The same answer to every question, and the same as for a file that never was."""
        etags = ", ".join(f'"{file.sha256}"' for file in files)
        asked: list[tuple[str, dict[str, str]]] = [
            ("get", {}),
            ("head", {}),
            ("get", {"Range": "bytes=0-"}),
            ("get", {"Range": "bytes=999999999-"}),
            ("get", {"If-None-Match": etags}),
            ("get", {"If-None-Match": "*"}),
            ("get", {"If-Match": etags}),
            ("get", {"If-Range": f'"{files[0].sha256}"', "Range": "bytes=0-0"}),
            ("get", {"If-Modified-Since": "Wed, 01 Jan 2098 00:00:00 GMT"}),
            ("options", {}),
            ("post", {}),
        ]
        withdrawn = any(file.state == "withdrawn" and file.was_public for file in files)
        for method, headers in asked if thorough else asked[:1]:
            response = self.get(url, method=method, **headers)
            if withdrawn and response.status_code == 410:
                assert method in {"get", "head"}
                assert method == "head" or b"withdrawn" in response.body
                continue
            other = self._unknown(method, headers)
            assert response.status_code == other.status_code, (url, method, headers)
            assert response.body == other.body, (url, method, headers)
            assert response.headers == other.headers, (url, method, headers)
            if method in {"get", "head"}:
                assert response.status_code == 404, (url, method, headers)

    def _unknown(self, method: str, headers: dict[str, str]) -> Any:
        """What a document that never was answers; asked once for each kind of question."""
        kind = (method, *headers)
        if kind not in self._unknowns:
            url = f"/safeguarding/documents/{uuid.UUID(int=7)}/report.pdf"
            self._unknowns[kind] = self.get(url, method=method, **headers)
        return self._unknowns[kind]

    def _try_keys(self) -> None:
        for file in self.world.files.values():
            for url in (f"/media/{file.key}", f"/{file.key}/", f"/documents/{file.pk}/{file.name}"):
                assert self.get(url).status_code == 404, url
            if self.bucket_url:
                status, data = fetch(f"{self.bucket_url}/{file.key}")
                assert status == 403
                assert file.word.encode() not in data
        if self.bucket_url:
            assert fetch(f"{self.bucket_url}/?list-type=2")[0] == 403

    # Pages

    def _try_pages(self) -> None:
        for url in sorted(self.page_urls):
            self.get(url)
        lists = [
            "/api/v2/pages/?fields=*&limit=20",
            "/api/v2/pages/?type=safeguarding_pages.PracticeReviewPage&order=-title",
            "/api/v2/documents/?fields=*",
            "/api/v2/images/?fields=*",
            "/sitemap.xml",
        ]
        details = [f"/api/v2/pages/{pk}/?fields=*" for pk in sorted(self.page_ids)]
        a_page = max(self.page_ids)
        details += [f"/api/v2/pages/find/?id={a_page}", f"/api/v2/pages/?child_of={a_page}"]
        if HAS_V3:
            lists += [
                "/api/v3/pages/?fields=*",
                "/api/v3/pages/?type=safeguarding_pages.PracticeReviewPage&order=-title",
                "/api/v3/redirects/",
            ]
            details += [f"/api/v3/pages/{pk}/" for pk in self.page_ids]
            details += [f"/api/v3/pages/find/?id={a_page}"]
        for url in lists:
            assert self.get(url).status_code == 200, url
        for url in details:
            assert self.get(url).status_code in {200, 302, 400, 404}, url

    def _try_searches(self) -> None:
        """No hit for a word that is not public, even where the answer does not repeat it."""
        for word in sorted(self.secret)[-4:]:
            said = self.get(f"/api/v2/pages/?search={word.decode()}")
            assert said.json()["meta"]["total_count"] == 0, word
            assert self.get(f"/search/?q={word.decode()}").json()["found"] == [], word
            if HAS_V3:
                said = self.get(f"/api/v3/pages/?search={word.decode()}")
                assert said.json()["count"] == 0, word
