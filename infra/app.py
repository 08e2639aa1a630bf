"""The CDK app: one stack, for the stage that the context `stage` names."""

import sys

from aws_cdk import App

from infra.stack import DocumindStack
from infra.stage import stage_from_context, unknown


def main() -> int:
    """Synthesise; return the exit status."""
    app = App()
    if strange := unknown(app.node.get_all_context()):
        print(f"context {', '.join(strange)}: there is no such setting, see docs/settings.md", file=sys.stderr)
        return 1
    try:
        stage = stage_from_context(app.node.try_get_context)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    DocumindStack(app, stage.stack, stage=stage)
    app.synth()
    return 0


if __name__ == "__main__":
    sys.exit(main())
