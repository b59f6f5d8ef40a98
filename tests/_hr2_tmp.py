from conftest import Version
import tiny
def ages(rows, year):
    head = tiny.AGES.splitlines()[0]
    return head
def test_x(tiny_version: Version) -> None:
    print(tiny.AGES[:300])
    now = "\n".join(l for l in tiny.AGES.splitlines() if "62009" not in l) + "\n"
    old = "\n".join(l for n, l in enumerate(tiny.AGES.splitlines()) if n == 0 or "62009" in l).replace("2023", "2018") + "\n"
    con = tiny_version({"rp_age/ages_rp2023.csv": now, "rp_age/ages_rp2018.csv": old})
    got = con.execute("SELECT public, amount, vintage FROM public_count WHERE code = '62001'").fetchall()
    print(got)
    con2 = tiny_version({"rp_age/ages_rp2023.csv": now})
    got2 = con2.execute("SELECT public, amount, vintage FROM public_count WHERE code = '62001'").fetchall()
    assert got == got2
