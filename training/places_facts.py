"""Facts about places that no package holds: about where the middle of a large country is, how English says "of it", how
its newspapers shorten it, and regions that are no country.
"""

MIDDLES = """
US 39.76 -98.5 | RU 60 100 | CA 60.11 -113.64 | CN 35 105 | AU -25 135 | BR -10 -55 | GB 54.76 -2.70 | TR 39 35
| FR 46 2 | DE 51.5 10.5 | SY 35 38 | IR 32 53 | IN 22 79 | UA 49 32 | NG 10 8 | EG 27 30 | MX 23 -102 | IQ 33
44 | IL 31.5 34.75 | JP 35.69 139.75 | KR 36.5 127.75 | KP 40 127 | PK 30 70 | AF 33 66 | SA 25 45 | IT 42.83
12.83 | ES 40 -4 | PL 52 20 | SI 46.08 14.83 | DM 15.5 -61.33 | AR -34 -64 | CL -30 -71 | CO 4 -73.25 | VE 8 -66
| PE -10 -75.25 | ZA -29 24 | SD 16 30 | SS 7.5 30 | LY 28 17 | DZ 28 3 | MA 32 -5 | TN 34 9 | ET 8 39 | KE 1 38
| SO 6 48 | TZ -6 35 | CD -2.5 23.5 | CG -1 15.5 | AO -12.5 18.5 | MZ -18.25 35 | ZM -14.33 28.5 | ZW -19 29.75
| NA -22 17 | BW -22 24 | MG -20 47 | ML 18 -2 | NE 18 9 | TD 15 19 | KZ 48 68 | UZ 41.71 63.85 | TM 39.75 59.67
| MN 46 105 | ID -5 120 | PH 13 122 | VN 16.17 107.83 | TH 15.5 101 | MM 21 96 | MY 2.5 112.5 | NZ -42 174 | SE
62 15 | NO 62 10 | FI 64 26 | GR 39 22 | RO 46 25 | GE 42 43.5 | AZ 40.5 47.5 | AM 40.25 45 | CU 22 -79.5 | YE
15.5 47.5 | JO 31 36 | LB 33.83 35.83 | IE 53 -8 | PT 39.69 -8 | BY 53 28 | RS 44.82 20.46 | GL 72 -40 | BD 24
90 | LK 7.75 80.75 | NP 28 84 | BO -17 -65 | EC -1.25 -78.25 | PY -23.33 -58 | UY -33 -56 | CM 6 12.5 | GH 8.1
-1.2 | CI 8 -5.5 | UG 1.25 32.5 | OM 21 57 | AE 23.75 54.5 | PG -6 147
"""
"""Country, degrees north, degrees east. Of others the middle of their towns is near enough."""

ADJECTIVES = """
AF Afghan | AL Albanian | DZ Algerian | AO Angolan | AR Argentine Argentinian | AM Armenian | AU Australian
Aussie | AT Austrian | AZ Azerbaijani Azeri | BH Bahraini | BD Bangladeshi | BY Belarusian Belarussian | BE
Belgian | BJ Beninese | BT Bhutanese | BO Bolivian | BA Bosnian | BR Brazilian | BG Bulgarian | MM Burmese | BI
Burundian | KH Cambodian | CM Cameroonian | CA Canadian | CF Centrafrican | TD Chadian | CL Chilean | CN Chinese
| CO Colombian | CD Congolese | HR Croatian | CU Cuban | CY Cypriot | CZ Czech | DK Danish | EC Ecuadorian | EG
Egyptian | SV Salvadoran | ER Eritrean | EE Estonian | ET Ethiopian | FJ Fijian | FI Finnish | FR French | GA
Gabonese | GM Gambian | GE Georgian | DE German | GH Ghanaian | GR Greek | GL Greenlandic | GT Guatemalan | GN
Guinean | GY Guyanese | HT Haitian | HN Honduran | HU Hungarian | IS Icelandic | IN Indian | ID Indonesian | IR
Iranian | IQ Iraqi | IE Irish | IL Israeli | IT Italian | CI Ivorian | JM Jamaican | JP Japanese | JO Jordanian
| KZ Kazakh Kazakhstani | KE Kenyan | XK Kosovan Kosovar | KW Kuwaiti | KG Kyrgyz | LA Laotian | LV Latvian | LB
Lebanese | LR Liberian | LY Libyan | LT Lithuanian | LU Luxembourgish | MK Macedonian | MG Malagasy | MW
Malawian | MY Malaysian | MV Maldivian | ML Malian | MT Maltese | MR Mauritanian | MU Mauritian | MX Mexican |
MD Moldovan | MN Mongolian | ME Montenegrin | MA Moroccan | MZ Mozambican | NA Namibian | NP Nepalese Nepali |
NL Dutch | NZ Kiwi | NI Nicaraguan | NE Nigerien | NG Nigerian | NO Norwegian | OM Omani | PK Pakistani | PS
Palestinian | PA Panamanian | PY Paraguayan | PE Peruvian | PH Philippine Filipino | PL Polish | PT Portuguese |
QA Qatari | RO Romanian | RU Russian | RW Rwandan | SA Saudi | SN Senegalese | RS Serbian | SG Singaporean | SK
Slovak Slovakian | SI Slovenian Slovene | SO Somali | ES Spanish | SD Sudanese | SE Swedish | CH Swiss | SY
Syrian | TW Taiwanese | TJ Tajik | TZ Tanzanian | TH Thai | TL Timorese | TG Togolese | TN Tunisian | TR Turkish
| TM Turkmen | UG Ugandan | UA Ukrainian | AE Emirati | GB British | US American | UY Uruguayan | UZ Uzbek | VE
Venezuelan | VN Vietnamese | YE Yemeni | ZM Zambian | ZW Zimbabwean
"""
"""Country, and the English adjectives that mean it."""

STATES = """
AL Ala. | AZ Ariz. | AR Ark. | CA Calif. | CO Colo. | CT Conn. | DE Del. | FL Fla. | GA Ga. | IL Ill. | IN Ind.
| KS Kan. Kans. | KY Ky. | LA La. | MD Md. | MA Mass. | MI Mich. | MN Minn. | MS Miss. | MO Mo. | MT Mont. | NE
Neb. | NV Nev. | NH N.H. | NJ N.J. | NM N.M. | NY N.Y. | NC N.C. | ND N.D. | OK Okla. | OR Ore. | PA Pa. | RI
R.I. | SC S.C. | SD S.D. | TN Tenn. | TX Tex. | VT Vt. | VA Va. | WA Wash. | WV W.Va. | WI Wis. | WY Wyo. | DC
D.C.
"""
"""States of the US as newspapers shorten them."""

PROVINCES = "08 Ont. | 10 Que. | 02 B.C. BC | 01 Alta. | 11 Sask. | 03 Man. | 07 N.S. | 04 N.B."
"""Provinces of Canada, by GeoNames' codes."""

SHORT_NAMES = {
    "US": ("U.S.", "US", "USA", "U.S.A.", "U.S", "America", "United States of America"),
    "GB": ("UK", "U.K.", "Britain", "Great Britain"),
    "AE": ("UAE", "U.A.E."),
    "CZ": ("Czech Republic",),
    "KR": ("South Korea",),
    "KP": ("North Korea",),
    "TR": ("Turkey",),
    "NL": ("Holland", "The Netherlands"),
    "VA": ("Holy See", "Vatican"),
    "CD": ("DRC", "DR Congo"),
    "MM": ("Burma",),
    "TT": ("Trinidad",),
    "BA": ("Bosnia",),
    "PS": ("Palestine",),
    "CI": ("Ivory Coast",),
    "MK": ("Macedonia",),
    "SZ": ("Swaziland",),
    "CV": ("Cape Verde",),
    "TL": ("East Timor",),
}
"""Names of countries in English that are neither in CLDR's nor in GeoNames' lists."""

REGIONS = (
    ("European Union", 50.1, 9.14, 6695072, ("EU", "E.U.")),
    ("Middle East", 31.0, 41.0, 6269133, ("Mideast",)),
    ("Latin America", -10.0, -60.0, 7730009, ()),
    ("Central America", 13.0, -85.0, 7729892, ()),
    ("West Africa", 10.0, -1.0, 9406051, ()),
    ("East Africa", 1.0, 38.0, 7729886, ()),
    ("North Africa", 28.0, 10.0, 0, ()),
    ("Southeast Asia", 5.0, 110.0, 7729898, ()),
    ("Balkans", 43.0, 21.0, 0, ()),
    ("Caribbean", 15.0, -75.0, 7729891, ()),
    ("Scandinavia", 63.0, 16.0, 2614165, ()),
    ("Siberia", 60.0, 100.0, 0, ()),
    ("Kurdistan", 37.0, 44.0, 0, ()),
    ("Atlantic Ocean", 10.0, -25.0, 3373405, ("Atlantic",)),
    ("Pacific Ocean", 10.0, -170.0, 2363254, ("Pacific",)),
    ("Mediterranean Sea", 35.0, 18.0, 363196, ("Mediterranean",)),
    ("Black Sea", 43.0, 34.0, 630673, ()),
)
"""Name, degrees north and east, GeoNames id (0 where not known), other names."""
