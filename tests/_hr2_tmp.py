from conftest import Version
def test_x(tiny_version: Version) -> None:
    con = tiny_version({
      "popref/donnees_communes_rp2023.csv": "COM;Commune;PMUN\n62001;Aval;8000\n62002;Bourg;3000\n62003;Clos;600\n62004;Dune;400\n",
      "popref/donnees_communes_rp2018.csv": "COM;Commune;PMUN\n62001;Aval;6500\n62009;Vieux-Lieu;500\n62002;Bourg;2900\n"})
    print(con.execute("SELECT code, population, population_vintage FROM commune where inside").fetchall())
    assert con.execute("SELECT population FROM commune WHERE code = '62001'").fetchone() == (8000.0,)
