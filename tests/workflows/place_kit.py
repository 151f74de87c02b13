"""A small project, and a place in it, for workflows that start no Terraform and reach no AWS."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from landform.aws.credentials import Access
from landform.engine import CliConfig, Engine
from landform.engine.binary import Product
from landform.engine.versions import Version
from landform.planning.changes import Action, Change, Values
from landform.planning.environment_plan import EnvironmentPlan, StackPlan
from landform.planning.fingerprints import digest_of
from landform.planning.states import StackState
from landform.project import load_project
from landform.review import ChangeReview, Counts, Review, StackReview
from landform.review.approval import Person
from landform.review.findings import Severity, Verdict
from landform.workflows.place import Place
from landform.workflows.plan_records import PlanRecord, make_record, manifest_of, prints_of, save_record
from landform.workflows.records import records_of, secret_key

PROJECT = {
    "landform.yaml": "project: shop\nbackend: local\nstacks:\n  net: {module: m, inputs: {x: '${var.x}'}}\n",
    "modules/m/main.tf": 'variable "x" {\n  type = string\n}\n',
    "modules/m/run.sh": "echo hello\n",
    "environments/dev/environment.yaml": "region: us-east-1\n",
    "environments/dev/terraform.tfvars": 'x = "hunter2hunter2"\n',
    "generated/net/main.tf": "# a root\n",
    "generated/environments/dev.tfvars": "",
}
ANN, BOB, CAT, DAN = (f"{name}@example.org" for name in ("ann", "bob", "cat", "dan"))


@dataclass
class Shop:
    """A project's folder whose place can be opened as anybody."""

    folder: Path

    def write(self, files: Mapping[str, str]) -> None:
        """Write ``{path: text}``."""
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def rules(self, approvals: str, environment: str = "dev") -> None:
        """Have an environment's ``approvals`` be these."""
        self.write(
            {f"environments/{environment}/environment.yaml": f"region: us-east-1\napprovals: {approvals}\n"}
        )

    def place(self, email: str = ANN, environment: str = "dev") -> Place:
        """The place, as git says who is there."""
        user = f"[core]\nrepositoryformatversion = 0\n[user]\nemail = {email}\nname = {email}\n"
        git = {"config": user, "HEAD": "ref: refs/heads/main\n", "objects/x": "", "refs/x": ""}
        self.write({f".git/{name}": text for name, text in git.items()})
        project = load_project(self.folder)
        engine = Engine(Path("terraform"), Product.TERRAFORM, Version((1, 11, 4)))
        config = CliConfig(None, frozenset(), None, self.folder / "lock")
        access = Access({}, "us-east-1", "http://127.0.0.1:9")
        found = project.environment_by_name[environment]
        return Place(project, found, engine, config, access, self.folder / ".landform", home=self.folder)

    def record(
        self, planner: str = ANN, environment: str = "dev", value: str = "v", **verdict: object
    ) -> PlanRecord:
        """A plan of one new object, kept."""
        place = self.place(planner, environment)
        records = records_of(place)
        return save_record(records, self.unsaved(place, value, Person(email=planner), **verdict))

    def unsaved(self, place: Place, value: str, planner: Person, **verdict: object) -> PlanRecord:
        """The same, not kept."""
        key = secret_key(records_of(place))
        change = Change("net", "module.net.t.a", "t", "managed", Action.CREATE, after=Values({"v": value}))
        plan = EnvironmentPlan("shop", place.environment.name, (StackPlan("net", changes=(change,)),))
        prints = prints_of(plan, key)
        manifest = replace(
            manifest_of(place, {"net": StackState("net")}, "apply", (), key), plan=digest_of(prints)
        )
        shown = ChangeReview("module.net.t.a", "t.a", "t", "managed", Action.CREATE)
        rules = place.environment.approvals
        severity = verdict.pop("severity", None)
        known = Verdict(approvals=rules.needed(critical=severity is Severity.CRITICAL), severity=severity)  # type: ignore[arg-type]
        review = Review(
            "shop",
            place.environment.name,
            manifest.digest,
            "1.11.4",
            counts=Counts(create=1),
            stacks=(StackReview("net", "m", changes=(shown,)),),
            verdict=replace(known, **verdict),  # type: ignore[arg-type]
        )
        return make_record(manifest, prints, review, planner)
