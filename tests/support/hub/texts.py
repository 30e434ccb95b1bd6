# SPDX-License-Identifier: Apache-2.0
"""What the Hub says when it refuses: status, text and X-Error-Code of each answer, by a name of ours.

The texts are those of huggingface.co as recorded from 2023 to October 2026; `{kind}`, `{id}`, `{page}` and the like are
filled in. The fault {"fault": "message", "name": NAME, "fields": {...}} answers with any of them on any path.
"""
from dataclasses import dataclass


@dataclass(frozen=True)
class Refusal:
    status: int
    text: str
    code: str = None


_ASKED = "Your request to access {kind} {id}"
_VISIT = "Visit https://huggingface.co/{page}"

RECORDED = {
    # The credential itself.
    "invalid": Refusal(401, "Invalid username or password."),
    "malformed": Refusal(401, "Invalid credentials in Authorization header"),
    "expired": Refusal(401, 'User Access Token "{token_name}" is expired'),
    "seems-invalid": Refusal(400, "Authorization header is correct, but the token seems invalid"),
    # A gate.
    "gated-anonymous": Refusal(401, "Access to {kind} {id} is restricted. You must have access to it and be authenticated to"
                               " access it. Please log in.", "GatedRepo"),
    "gated-anonymous-2024": Refusal(401, "Access to {kind} {id} is restricted. You must be authenticated to access it.",
                                    "GatedRepo"),
    "gated-anonymous-2023": Refusal(401, "Repo {kind} {id} is gated. You must be authenticated to access it.", "GatedRepo"),
    "gated-none": Refusal(403, "Access to {kind} {id} is restricted and you are not in the authorized list. " + _VISIT
                          + " to ask for access.", "GatedRepo"),
    "gated-pending": Refusal(403, _ASKED + " is awaiting a review from the repo authors.", "GatedRepo"),
    "gated-rejected": Refusal(403, _ASKED + " has been rejected by the repo's authors.", "GatedRepo"),
    "gated-reset": Refusal(403, _ASKED + " has been reset by the repo's authors. " + _VISIT + " to submit a new request.",
                           "GatedRepo"),
    # Rights.
    "no-gated-scope": Refusal(403, "Please enable access to public gated repositories in your fine-grained token settings to"
                              " view this repository."),
    "write-token": Refusal(403, "you must use a write token to upload to a repository."),
    "read-only": Refusal(403, "You have read access but not the required permissions for this operation"),
    "namespace": Refusal(403, "You don't have the rights to create a {kind} under the namespace {namespace}"),
    "inference": Refusal(403, "This authentication method does not have sufficient permissions to call Inference Providers on"
                         " behalf of user {user}"),
    "org-approval": Refusal(403, "Due to the organization token policy, your token needs to be approved by the organization"
                            " before you can access this resource."),
    "org-revoked": Refusal(403, "Your token has been revoked by the organization administrator, you can no longer access"
                           " organization resources. Please contact them for more information."),
    "disabled": Refusal(403, "Access to this resource is disabled."),
    # What is not there.
    "no-repo": Refusal(404, "Repository not found", "RepoNotFound"),
    "no-revision": Refusal(404, "Invalid rev id: {revision}", "RevisionNotFound"),
    "no-entry": Refusal(404, "Entry not found", "EntryNotFound"),
    "no-page": Refusal(404, "Sorry, we can't find the page you are looking for."),
    # Quotas.
    "limited-address": Refusal(429, "We had to rate limit your IP ({ip}). To continue using our service, create a HF account or"
                               " login to your existing account, and make sure you pass a HF_TOKEN if you're using the API."),
    "limited-account": Refusal(429, "We had to rate limit you, you hit the quota of {quota} {bucket} requests per 5 minutes"
                               " period. Upgrade to a PRO user or Team/Enterprise organization account (https://hf.co/pricing)"
                               " to get higher limits. See https://huggingface.co/docs/hub/rate-limits"),
    "credits": Refusal(402, "You have exceeded your monthly included credits for Inference Providers. Subscribe to PRO to get"
                       " 20x more monthly included credits."),
    "credits-depleted": Refusal(402, "You have depleted your monthly included credits."),
}

# What a placeholder stands for when a fault does not say.
EXAMPLE = {"kind": "model", "id": "org/gated", "page": "org/gated", "token_name": "x", "namespace": "org", "user": "alice",
           "revision": "nope", "ip": "127.0.0.1", "quota": 1000, "bucket": "api"}

UNAUTHENTICATED = ("unauthenticated; Warning: You are sending unauthenticated requests to the HF Hub. Please set a HF_TOKEN"
                   " to enable higher rate limits and faster downloads.")


def recorded(name, **fields):
    """The refusal of that name with its placeholders filled. Raises ValueError if there is none."""
    if name not in RECORDED:
        raise ValueError(f"no such message: {name!r}; there are {', '.join(RECORDED)}")
    refusal = RECORDED[name]
    return Refusal(refusal.status, refusal.text.format(**{**EXAMPLE, **fields}), refusal.code)


def of_repo(name, repo):
    """The same about one repository."""
    return recorded(name, kind=repo.kind, id=repo.id, page=repo.page)
