"""The closed vocabulary's terms: what kinds, classes, activities, papers and so on can be named.

Each tree is written as an outline, a finer term below the one it lies under, with its meaning.
`-`, `_` and a blank in a term are read alike, in either case.
"""

from __future__ import annotations

from redline.rules.codes import CODE
from redline.rules.countries import COUNTRY
from redline.rules.trees import Tree


def _tree(name: str, outline: str, *, closed: bool = False) -> Tree:
    parents: dict[str, str | None] = {}
    labels: dict[str, str] = {}
    line: list[tuple[int, str]] = []
    for row in outline.strip("\n").splitlines():
        term, _, meaning = row.strip().partition(": ")
        depth = len(row) - len(row.lstrip())
        while line and line[-1][0] >= depth:
            line.pop()
        parents[term] = line[-1][1] if line else None
        labels[term] = meaning
        line.append((depth, term))
    return Tree(name, parents, closed, None, labels)


YES_NO = _tree("yes_no", "yes: it is so\nno: it is not so", closed=True)

PARTY_KIND = _tree(
    "party_kind",
    """
state: a state and its organs
  government: a government or ministry
    authority: an authority that grants or refuses papers
  armed-forces: armed forces or one of their services
  intelligence: an intelligence service
  police: a police or internal security force
  state-agency: another agency of a state
company: a firm
  bank: a bank or other financier
research-body: a university or research institute
person: a natural person
international-organisation: an organisation of states
association: an association, such as one of industry
non-state-armed-group: an armed group that is no organ of a state
""",
)

ROLE = _tree(
    "role",
    """
manufacturer: makes items
supplier: supplies items
exporter: sends items abroad
consignee: receives a consignment
  intermediate-consignee: receives it on another's behalf
  ultimate-consignee: receives it to keep
reseller: buys to sell on
broker: arranges transfers between others
freight-forwarder: carries or forwards for others
carrier: carries
transit-point: a place that items pass through
transshipment-point: a place where items change their means of transport
processor: works on items on their way
financier: pays or insures
end-user: uses items
""",
)

CLASS = _tree(
    "class",
    """
platform: a vessel, aircraft or vehicle
  naval-platform: a naval vessel, surface or submerged
    warship: a surface combatant
      corvette: a small surface combatant
      frigate: a larger surface combatant
    patrol-vessel: a vessel for patrol
    submarine: a submarine
    unmanned-vessel: a vessel without crew
  aircraft: a crewed aircraft
    helicopter: a rotary-wing aircraft
      naval-helicopter: a helicopter for use at sea
    trainer-aircraft: an aircraft for training pilots
    combat-aircraft: an aircraft for combat
    transport-aircraft: an aircraft for transport
  drone: an aircraft without crew
  ground-vehicle: a vehicle on land
    armoured-vehicle: a protected vehicle on land
  spacecraft: a satellite or other spacecraft
weapon: a weapon or its ammunition
  missile: a guided missile
  rocket: an unguided rocket
  torpedo: a torpedo
    heavyweight-torpedo: a torpedo for submarines and ships
    lightweight-torpedo: a torpedo for aircraft and ships
  naval-gun: a gun for ships
  artillery: a gun, howitzer or mortar on land
  small-arms: a small arm or light weapon
  ammunition: ammunition
  bomb: a bomb, mine or other charge
air-defence-system: a system against aircraft and missiles
  surface-to-air-system: a system of surface-to-air missiles
sensor: a device that detects or measures
  radar: a radar
  sonar: a sonar
  electro-optical-sensor: a camera or sensor of light or heat
electronic-warfare-system: a system for electronic warfare
communications: a means of communication
navigation: a means of navigation or guidance
command-and-control: a means of command and control
engine: an engine or means of propulsion
subsystem: a subsystem of something larger
component: a part or component
  machine-part: a mechanical part
  electronic-component: an electronic part
material: a material or substance
  chemical: a chemical
  biological-agent: a micro-organism or toxin
  nuclear-material: a nuclear material
production-equipment: plant, tooling or test equipment
computer: a computer
information-security: means of encryption or of security of information
cyber-surveillance: means of covert surveillance of information systems
protective-equipment: armour, helmets, shelters
training-equipment: simulators and training equipment
civil-goods: goods of civil life
  relief-goods: goods for relief in need
  medical-goods: medicines and medical equipment
  vehicle-parts: parts of civil vehicles
  consumer-goods: goods for consumers
""",
)

FORM = _tree(
    "form",
    """
hardware: a thing that is handed over, and then is gone from the sender
technology: knowledge, such as designs, data and know-how; it is copied, and the sender keeps it
  design: drawings, models and specifications
  know-how: knowledge of how to make, use or maintain
software: programs; copied like technology
service: work done for another
""",
)

ACTIVITY = _tree(
    "activity",
    """
movement: items or knowledge go from one holder to another
  export: from a country to another for the first time
    temporary-export: to come back
    permanent-export: to stay there; of a plain export it is not known
  import: into a country, seen from there
  re-export: from a country to which it was exported to a third
  retransfer: to another holder or use inside a country to which it was exported
  domestic-supply: inside the country of origin
  transit: through a territory without unloading there
  transshipment: through a territory with a change of transport
  intangible-transfer: of technology or software by electronic means
  release: of technology to a person of another nationality, wherever that is
  return: back to where it came from, as after repair
  donation: without payment
  loan: for a time
  supply: handing over, no more being said
brokering: arranging a transfer between others
technical-assistance: repair, development, manufacture, training or advice
  maintenance: repair and upkeep
licensed-production: production by another under licence
relocation-of-production: production moved to another place
co-production: production together with another
co-development: development together with another
incorporation: an item is built into another
modification: an item is changed
replication: an item is copied
negotiation: talks to conclude a contract
acquisition-of-control: control of a holder changes hands
financing: a transfer is paid for or insured
cooperation: armed forces or governments working together, without items
  exercise: a joint exercise
  training: instruction of another's forces
  staff-talks: talks between staffs
  information-sharing: exchange of information
  maritime-security-cooperation: working together for security at sea
  industrial-cooperation: working together of industries
  memorandum: an understanding signed, which moves nothing by itself
""",
)

END_USE = _tree(
    "end_use",
    """
military: use by or for armed forces, or in military items
  weapon-production: development or production of conventional weapons
  military-intelligence: use by or for military intelligence
wmd: use for weapons of mass destruction or their means of delivery
  nuclear-weapons: use for nuclear explosive devices
  chemical-weapons: use for chemical weapons
  biological-weapons: use for biological weapons
  missiles: use for means of delivery
internal-repression: use for repression at home
human-rights-violation: use for serious violations of human rights or humanitarian law
terrorism: use for acts of terror
law-enforcement: use by police, customs, coast guard
  border-control: watching a border
civil: use in civil life
  humanitarian: relief
  medical: medicine
  civil-nuclear: nuclear energy in peace
  research: research
  infrastructure: civil works and networks
resale: to be sold on
""",
)

PAPER_KIND = _tree(
    "paper_kind",
    """
grant: a paper by which an authority permits
  licence: a licence for what it names
    individual-licence: one exporter, one consignee
    global-licence: one exporter, several destinations
    general-licence: anyone who meets its conditions
  authorisation: an authorisation, however it is called
    negotiation-authorisation: a permission to negotiate
  consent: the consent of one who may refuse it, as to a re-export
    re-export-consent: to a re-export or retransfer
  exception: an exception that a rule makes, claimed
  registration: a registration that a permission depends on
  agreement-approval: an approval of an agreement on assistance, licence or manufacture
undertaking: a paper by which someone promises
  end-use-certificate: the end user, and what for
    end-user-undertaking: given by the end user itself
    international-import-certificate: given by the state of import
  no-re-export-clause: no re-export, at all or to some
  non-replication-clause: no copying
  non-modification-clause: no change
  delivery-verification: that the goods arrived
  consignee-statement: that a consignee knows and keeps the conditions
  destruction-undertaking: that old items are destroyed when new ones come
  on-site-verification-clause: that the supplier may come and look
  contract-clause: another clause of a contract
notice: a notice by an authority
report: a report to an authority
contract: a contract
""",
)

PAPER_STATE = _tree(
    "paper_state",
    """
held: it is there and good
pending: it was asked for
refused: it was refused
revoked: it was taken back
expired: its time is over
absent: there is none
""",
    closed=True,
)

AGREEMENT_KIND = _tree(
    "agreement_kind",
    """
co-development: to develop together
co-production: to produce together
licensed-production: to produce under licence
cooperation-plan: a plan of cooperation between states
memorandum: an understanding
supply-agreement: to supply
""",
)

AGREEMENT_STATE = _tree(
    "agreement_state",
    """
proposed: under discussion
signed: signed
in-force: in force
ended: ended
""",
    closed=True,
)

STATUS = _tree(
    "status",
    """
proposed: thought of
negotiated: being negotiated
contracted: agreed by contract
under-way: being carried out
delivered: done
cancelled: given up
""",
    closed=True,
)

SENSITIVITY = _tree(
    "sensitivity",
    """
sensitive: sensitive, advanced, critical or cutting-edge
  very-sensitive: the most sensitive
not-sensitive: none of these
""",
    closed=True,
)

KNOWLEDGE = _tree(
    "knowledge",
    """
told: an authority said so
aware: it was known
  high-probability: it was seen to be highly probable
suspects: there were grounds to suspect it
should-know: due diligence would have shown it
""",
)

CONTENT_VIA = _tree(
    "content_via",
    """
itself: the item itself
contained: a part, at any depth
made-with-technology: technology or software of which it is the direct product
made-with-plant: plant or equipment of which it is the direct product
""",
    closed=True,
)

REACH_HOW = _tree(
    "reach_how",
    """
holder: receives it
transit: it passes through
end-user: uses it
place-of-use: it is used there
nationality: the recipient is a person of that nationality
""",
    closed=True,
)

PART_IN = _tree(
    "part_in",
    """
sender: sends
recipient: receives
intermediary: stands on the way
end-user: uses
actor: carries the activity out
""",
    closed=True,
)

COVERED = _tree(
    "covered",
    """
held: a paper that the rule asks for is held, and covers the step
not-held: none is: it was refused, revoked, is pending, has expired, or there is none
""",
    closed=True,
)

FLAG = _tree(
    "flag",
    """
end-user-unverified: the end user is not named and verified
business-does-not-fit: the goods do not fit the buyer's business
refuses-end-use-detail: the buyer will not say what for
unusual-payment: cash, or above the price
declines-installation: the buyer declines installation, training or warranty
forwarder-as-final-consignee: a freight forwarder is the final consignee
route-makes-no-sense: the route makes no economic sense
new-intermediary: an intermediary was newly founded or moved
diversion-hub: the destination is known as a hub
order-exceeds-capacity: the order does not fit the end user's capacity
military-links: there are links to the military or to security services
ownership-unresolved: ownership is not known
documents-inconsistent: documents contradict each other
foreign-national-access: foreign nationals have access
onward-sale-clause: the contract allows onward sale
prior-refusal: another state refused before
volume-jump: trade jumped
no-serial-numbers: there are no serial numbers
undisclosed: it was not made known
""",
)

TREES = {
    tree.name: tree
    for tree in (
        COUNTRY, CODE, YES_NO, PARTY_KIND, ROLE, CLASS, FORM, ACTIVITY, END_USE, PAPER_KIND, PAPER_STATE,
        AGREEMENT_KIND, AGREEMENT_STATE, STATUS, SENSITIVITY, KNOWLEDGE, CONTENT_VIA, REACH_HOW, PART_IN,
        COVERED, FLAG,
    )
}  # fmt: skip


def folded(term: str) -> str:
    """A term as it is compared: `-`, `_` and blanks alike, in lower case."""
    return term.strip().lower().replace("_", "-").replace(" ", "-")
