"""What is said of something of a country: Italian content, Turkish technology."""

from __future__ import annotations

_ADJECTIVES = {
    "AE": "Emirati", "AF": "Afghan", "AL": "Albanian", "AM": "Armenian", "AO": "Angolan",
    "AR": "Argentine", "AT": "Austrian", "AU": "Australian", "AZ": "Azerbaijani", "BA": "Bosnian",
    "BD": "Bangladeshi", "BE": "Belgian", "BG": "Bulgarian", "BH": "Bahraini", "BN": "Bruneian",
    "BO": "Bolivian", "BR": "Brazilian", "BY": "Belarusian", "CA": "Canadian", "CH": "Swiss",
    "CL": "Chilean", "CN": "Chinese", "CO": "Colombian", "CU": "Cuban", "CY": "Cypriot", "CZ": "Czech",
    "DE": "German", "DK": "Danish", "DZ": "Algerian", "EC": "Ecuadorian", "EE": "Estonian",
    "EG": "Egyptian", "ER": "Eritrean", "ES": "Spanish", "ET": "Ethiopian", "FI": "Finnish",
    "FR": "French", "GB": "British", "GE": "Georgian", "GH": "Ghanaian", "GR": "Greek",
    "HR": "Croatian", "HU": "Hungarian", "ID": "Indonesian", "IE": "Irish", "IL": "Israeli",
    "IN": "Indian", "IQ": "Iraqi", "IR": "Iranian", "IS": "Icelandic", "IT": "Italian",
    "JO": "Jordanian", "JP": "Japanese", "KE": "Kenyan", "KG": "Kyrgyz", "KH": "Cambodian",
    "KP": "North Korean", "KR": "South Korean", "KW": "Kuwaiti", "KZ": "Kazakh", "LA": "Lao",
    "LB": "Lebanese", "LK": "Sri Lankan", "LT": "Lithuanian", "LU": "Luxembourgish", "LV": "Latvian",
    "LY": "Libyan", "MA": "Moroccan", "MD": "Moldovan", "ME": "Montenegrin", "MK": "North Macedonian",
    "ML": "Malian", "MM": "Burmese", "MN": "Mongolian", "MT": "Maltese", "MV": "Maldivian",
    "MX": "Mexican", "MY": "Malaysian", "NG": "Nigerian", "NL": "Dutch", "NO": "Norwegian",
    "NP": "Nepalese", "NZ": "New Zealand", "OM": "Omani", "PE": "Peruvian", "PH": "Philippine",
    "PK": "Pakistani", "PL": "Polish", "PS": "Palestinian", "PT": "Portuguese", "PY": "Paraguayan",
    "QA": "Qatari", "RO": "Romanian", "RS": "Serbian", "RU": "Russian", "RW": "Rwandan", "SA": "Saudi",
    "SD": "Sudanese", "SE": "Swedish", "SG": "Singaporean", "SI": "Slovenian", "SK": "Slovak",
    "SN": "Senegalese", "SO": "Somali", "SS": "South Sudanese", "SY": "Syrian", "TH": "Thai",
    "TJ": "Tajik", "TM": "Turkmen", "TN": "Tunisian", "TR": "Turkish", "TW": "Taiwanese",
    "TZ": "Tanzanian", "UA": "Ukrainian", "UG": "Ugandan", "US": "US", "UY": "Uruguayan", "UZ": "Uzbek",
    "VE": "Venezuelan", "VN": "Vietnamese", "XK": "Kosovar", "YE": "Yemeni", "ZA": "South African",
    "ZM": "Zambian", "ZW": "Zimbabwean",
}  # fmt: skip


def adjective(code: str) -> str | None:
    """The adjective of the country of that code, or None where only its name can be used."""
    return _ADJECTIVES.get(code)
