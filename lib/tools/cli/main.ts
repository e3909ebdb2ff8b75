#!/usr/bin/env node
import { run } from './run.js';

// A person who looks into a queue does not choose the Node of their project for it.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

// The function that prints reports output that cannot be written. Without a listener the error would
// end the process before messages are released.
process.stdout.on('error', () => undefined);

const code = await run(process.argv.slice(2));
if (code !== undefined) process.exitCode = code;
