#!/usr/bin/env python3
"""winnow on many machines, by Apache Spark: the output is one run's, byte for byte.

    winnow_spark.py [OPTION]... INPUT... OUTPUT

INPUTs are files (.gz and .zst too) on a file system that all workers see, or URLs of objects, as
pieces.py tells. OUTPUT becomes a folder: part-00000 and on, which one after another are what one
run would write, stats.json, with --dropped dropped.jsonl, with --learn learned.rules. Spark carries
the numbers of tasks, schedules them, and does them again where they failed; each runs winnow on its
shard, as shards.py tells. A run that was stopped goes on where it was when it is called again in
the same way: OUTPUT.work has its work.
"""

import os
import re
import sys

sys.dont_write_bytecode = True  # where it is installed
sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import shards  # noqa: E402


def describe(error):
    """What a task told, out of all that Spark tells about it."""
    told = re.findall(r"ShardError: (.*)", str(error))
    return told[-1] if told else str(error).strip()


def run_steps(spark, work, plan):
    """Each step begins when the one before is done."""
    context = spark.sparkContext
    for module in shards.pieces, shards:
        context.addPyFile(module.__file__)
    count, ranges = len(plan["shards"]), plan["ranges"]
    for name, tasks in (("save", count), ("repeats", ranges), ("filter", count)):
        context.setJobDescription(f"winnow: {name}")
        context.parallelize(range(tasks), tasks).foreach(Task(name, work))


class Task:
    """A step, as a function of the number of its shard or range."""

    def __init__(self, step, work):
        self.step, self.work = step, work

    def __call__(self, number):
        import shards as here  # the worker's

        here.STEPS[self.step](self.work, number)


def start(master):
    from pyspark.sql import SparkSession  # here: --help, and options that are wrong, need no Spark

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("winnow")
    return (builder.master(master) if master else builder).getOrCreate()


def main(arguments):
    p = shards.parser("winnow_spark.py")
    p.usage = "winnow_spark.py [OPTION]... INPUT... OUTPUT"
    p.add_argument(
        "--master", help="of Spark, where it is not started by spark-submit: local[4], spark://..."
    )
    args, options, names = shards.parse_inputs(p, arguments)
    if len(names) < 2:
        p.error("an INPUT and the OUTPUT are needed")
    output = os.path.abspath(names.pop())
    work = output + ".work"
    shards.refuse_output(output)
    plan = shards.make_plan(args, options, names)
    shards.begin(work, plan)
    spark = start(args.master)
    try:
        run_steps(spark, work, plan)
    except Exception as e:  # of py4j, whatever it was
        raise shards.ShardError(describe(e)) from None
    finally:
        spark.stop()
    shards.join(work, output)


if __name__ == "__main__":
    shards.exit_with(main, sys.argv[1:])
