import { Command } from 'commander';
import { Contract } from '#lib/event/contract.js';
import { loadSchemaFromText } from '#lib/idl/load-schema.js';
import { findService } from '#lib/idl/find-service.js';
import type { InfraOptions } from '#lib/tools/cli/infra/infra-options.js';
import { type InfrastructurePlan, planInfrastructure } from '#lib/tools/cli/infra/plan-infrastructure.js';

/** A contract with a standard queue, a FIFO queue, and a method that names no queue. */
const IDL = `
  service Jobs { oneway void run(1: string id) } (sqs.queue = "jobs")
  service Orders { oneway void place(1: string id) (sqs.group = "id", sqs.dedup = "id") } (sqs.queue = "orders.fifo")
  service Open { oneway void note(1: string text) }`;

/** Plans the resources of services of an IDL. A usage error is an Error with its text. */
export function plan(services: readonly string[], options: InfraOptions = {}, idl: string = IDL): InfrastructurePlan {
  const schema = loadSchemaFromText(idl);
  const contract = new Contract(services.map((name) => findService(schema, name)));
  const command = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  return planInfrastructure(command, contract, options, 'options');
}
