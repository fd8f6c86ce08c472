"""What a script imports: the decorator of its entry point, and the tools of the validator.

    from miner_sdk import entrypoint, search_web

    @entrypoint("evaluate_criterion")
    async def evaluate_criterion(request): ...
"""

import json
import urllib.error
import urllib.request

entrypoints = {}
_gateway = {}
TIMEOUT_SECONDS = 70


class ToolError(RuntimeError):
    """A refused call: `code` is the validator's `detail`, e.g. budget_exceeded. It charged nothing."""

    def __init__(self, status, code, body):
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.body = body


def entrypoint(name):
    def register(function):
        entrypoints[name] = function
        return function

    return register


def connect(url, session_id, token):
    """Called by the sandbox before the script is loaded."""
    _gateway.update(url=url, session_id=session_id, token=token)


async def tool(name, *args, **kwargs):
    """One call of a tool: {receipt_id, response, results, result_policy, cost_usd, usage, budget}. One at a time."""
    call = {"session_id": _gateway["session_id"], "token": _gateway["token"], "tool": name}
    request = urllib.request.Request(
        f"{_gateway['url']}/v1/tools/execute",
        data=json.dumps({**call, "args": args, "kwargs": kwargs}).encode(),
        headers={"content-type": "application/json"},
    )
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(request, timeout=TIMEOUT_SECONDS) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        body = json.load(error)
        raise ToolError(error.code, body.get("detail"), body) from None


async def search_web(query, **kwargs):
    return await tool("search_web", query=query, **kwargs)


async def search_x(query, **kwargs):
    return await tool("search_x", query=query, **kwargs)


async def search_ai(prompt, **kwargs):
    return await tool("search_ai", prompt=prompt, **kwargs)


async def llm_chat(model, messages, **kwargs):
    return await tool("llm_chat", model=model, messages=messages, **kwargs)


async def tooling_info():
    return await tool("tooling_info")
