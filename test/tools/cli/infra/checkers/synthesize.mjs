/** Prints the templates of the stacks in compiled modules, as `cdk synth` makes them. Run from a folder that has aws-cdk-lib. */
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const { App } = createRequire(join(process.cwd(), 'package.json'))('aws-cdk-lib');
const templates = [];
for (const module of process.argv.slice(2)) {
  const { QueuesStack } = await import(pathToFileURL(resolve(module)));
  const app = new App({ analyticsReporting: false, outdir: `${module}.out` });
  new QueuesStack(app, 'Queues', { analyticsReporting: false });
  templates.push(app.synth().getStackByName('Queues').template);
}
process.stdout.write(JSON.stringify(templates));
