"""`documind admin`: what an operator does with a stage, the same on AWS and on the local AWS."""
