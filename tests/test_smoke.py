import pytest
from tests import factories as f

pytestmark = pytest.mark.django_db


def test_it(client, django_assert_max_num_queries):
    v = f.cleared_version()
    i = f.review_index()
    r = f.review(i, versions=(v,), review_date="2019-07")
    url = v.get_url()
    with django_assert_max_num_queries(2):
        resp = client.get(url)
    assert resp.status_code == 200, resp.content
    assert b"".join(resp.streaming_content) == f.pdf_bytes("Overview report")
    r.unpublish()
    assert client.get(url).status_code == 404
    r.save_revision().publish()
    assert client.get(url).status_code == 200
    api = client.get("/api/v2/pages/?type=safeguarding_pages.PracticeReviewPage&fields=*").json()
    print(api)
    api = client.get("/api/v2/pages/?type=safeguarding_pages.ReviewIndexPage&fields=*").json()
    print(api)
    assert client.post(i.url + "comments/").status_code == 403
    assert client.post(i.url).status_code == 405
    i.delete()
    assert client.get(url).status_code == 404
