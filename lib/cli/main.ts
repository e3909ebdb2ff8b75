#!/usr/bin/env node
import { run } from './run.js';

// A person who looks into a queue does not choose the Node of their project for it.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

// Whoever reads the output may have seen enough: `tail … | head -1`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const code = await run(process.argv.slice(2));
if (code !== undefined) process.exitCode = code;
