"""Uploads that are being read."""

from typing import Any

from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from werkzeug.exceptions import NotFound

from web.api import schemas
from web.api.problems import problems
from web.current import services

api = APIBlueprint("jobs", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="Articles")])


@api.get(
    "/jobs/<id>",
    summary="Follow an upload",
    responses={"200": schemas.JobProgress, **problems(_404="No job has this id.")},
)
def get_job(path: schemas.Id) -> dict[str, Any]:
    """How far it is, and what became of each file. Told for a week after it has ended."""
    job = services.jobs.job(path.id)
    if job is None:
        raise NotFound("No job has this id; a week after they end they are forgotten.")
    return schemas.JobProgress.of(job, done=len(job.reports), report=job.reports).plain()
