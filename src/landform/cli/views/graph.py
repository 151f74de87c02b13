"""The graph of stacks as text and in Graphviz's language."""

from __future__ import annotations

from landform.project import Project, Stack


def graph_text(project: Project) -> str:
    """Stacks in apply order; under each, what it needs and through which outputs."""
    lines: list[str] = []
    for name in project.order:
        stack = project.stack_by_name[name]
        lines.append(f"{name}  ({stack.module})")
        for upstream in sorted(stack.upstream):
            outputs = ", ".join(_outputs(stack, upstream)) or "order only"
            lines.append(f"  ← {upstream}: {outputs}")
    return "\n".join(lines)


def graph_dot(project: Project) -> str:
    """The same for ``dot -Tsvg``; an arrow points from a stack to what needs it."""
    lines = ["digraph stacks {", "  rankdir = LR;", "  node [shape = box];"]
    for name in project.order:
        stack = project.stack_by_name[name]
        lines.append(f'  "{name}" [label = "{name}\\n{_escaped(stack.module)}"];')
        for upstream in sorted(stack.upstream):
            style = (
                f'label = "{len(_outputs(stack, upstream))}"' if upstream in stack.reads else "style = dashed"
            )
            lines.append(f'  "{upstream}" -> "{name}" [{style}];')
    return "\n".join([*lines, "}"])


def _outputs(stack: Stack, upstream: str) -> list[str]:
    read = {ref.output for _, ref in stack.references() if ref.root == "stack" and ref.name == upstream}
    return sorted(read)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
