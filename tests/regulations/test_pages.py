"""The pages of regulations as people use them: register with the PDF, read, relate, attach, enact."""

from webtest import Upload

from tests.support.files import pdf

TITLE = "Pemberdayaan Koperasi dan Usaha Kecil"


def registered(browser, *, kind="pergub", title=TITLE, number="48", year="2018", promulgated="2018-10-01", file=None):
    form = browser.get("/regulations/new").forms["form"]
    form["kind"], form["title"], form["number"], form["year"] = kind, title, number, year
    form["enacted_on"], form["promulgated_on"] = promulgated, promulgated
    if file:
        form["files"] = [file]
    return form.submit("save")


def test_legal_staff_register_a_regulation_with_its_pdf_in_one_form(world):
    browser = world.client("legal.babel")
    answer = registered(browser, file=Upload("Pergub 48.pdf", pdf()))
    assert answer.status_int == 303
    page = answer.follow()
    assert "Pergub 48/2018 tentang Pemberdayaan Koperasi dan Usaha Kecil" in page.pyquery_text()
