"""Made-up names, departments and titles, from several languages and scripts."""

from __future__ import annotations

import uuid

GIVEN = (
    "Amina Aiko Alejandro Anna Arjun Astrid Beatriz Björn Carla Chiara Chidi Daniel Dmitri Elif Emma "
    "Émile Eszter Fatima Felix Fiona Giulia Grace Hanna Hiroshi Ines Ivana Jakub Jana João Jonas Karim "
    "Katarzyna Kofi Lars Leila Liam Lucía Małgorzata Marta Mateo Mei Mohammed Nadia Ngozi Niamh Nikos Noa "
    "Olga Omar Paul Pía Priya Rafael Renée Rosa Sakura Samuel Sofía Søren Stefan Tariq Thu Tomáš Ulrike "
    "Vera Viktor Wei Yara Yusuf Zoë Zeynep"
).split()
FAMILY = (
    "Abe Adeyemi Almeida Andersson Bakker Baumann Bianchi Brandt Čermák Chowdhury Costa Demir Dubois "
    "Eriksen Ferrari Fischer Fonseca García Gruber Haddad Hansen Horváth Ito Ivanova Jansen Jensen Kaya "
    "Keller Kim Kowalski Kovács Kumar Larsen Lefèvre Li Lindqvist López Mbeki Meyer Moreau Müller Murphy "
    "Nakamura Ndiaye Nguyen Novák O'Brien Okafor Olsen Ortiz Papadopoulos Patel Peeters Petrov Quiñones "
    "Rao Ricci Rossi Şahin Santos Schmidt Silva Sørensen Tanaka Torres Tran Ueda Vargas Visser Wagner "
    "Walsh Weber Wójcik Yamada Yıldız Zhang Zieliński"
).split()
OTHER_SCRIPTS = (
    "山田 太郎",
    "Ольга Иванова",
    "محمد الأحمد",
    "נועה לוי",
    "김민준",
    "Ελένη Παπαδοπούλου",
    "प्रिया शर्मा",
    "王小明",
)
DEPARTMENTS: tuple[tuple[str, int, tuple[str, ...]], ...] = (
    ("Operations", 26, ("Deck Officer", "Crane Operator", "Shift Lead", "Dispatcher", "Yard Planner")),
    ("Logistics", 18, ("Planner", "Customs Clerk", "Forwarding Agent", "Warehouse Lead")),
    ("Engineering", 14, ("Engineer", "Technician", "Maintenance Planner", "Surveyor")),
    ("Sales", 10, ("Account Manager", "Sales Assistant", "Key Account Lead")),
    ("Finance", 8, ("Accountant", "Controller", "Payroll Clerk", "Treasurer")),
    ("Information Technology", 7, ("Systems Engineer", "Service Desk Agent", "Developer", "Network Engineer")),
    ("Human Resources", 5, ("Recruiter", "HR Partner", "Training Officer")),
    ("Legal and Compliance", 4, ("Counsel", "Compliance Officer", "Internal Auditor")),
    ("Marketing", 4, ("Editor", "Designer", "Event Manager")),
    ("Management", 2, ("Managing Director", "Chief Financial Officer", "Chief Operating Officer")),
)
"""Department, its share of a hundred people, and the titles in it."""
OFFICES = ("Northport", "Quay 7", "Tower Street", "Inland Depot", "Home")
PARTNERS = ("brightfreight.example", "kestrel-audit.example", "maritime-law.example", "steelworks.example")
DOMAIN = "northharbour.example"
INITIAL_DOMAIN = "northharbour.onmicrosoft.com"
ORGANISATION = "North Harbour Terminals"
NAMESPACE = uuid.UUID("6b1f0c52-7f0e-4c39-9a53-2f6f0d6a7c11")
"""What the ids of the tenant and of its groups are made from."""
