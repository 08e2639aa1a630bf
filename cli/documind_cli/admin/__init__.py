"""`documind admin`: the operator's commands, for stages on AWS and for the local run."""
