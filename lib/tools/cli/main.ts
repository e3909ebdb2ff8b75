#!/usr/bin/env node
import { run } from './run.js';

// A person who looks into a queue does not choose the Node version of the project for it.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

// `print` reports output that cannot be written. Without a listener the error would end the process
// before messages are released.
process.stdout.on('error', () => undefined);

const code = await run(process.argv.slice(2));
if (code !== undefined) process.exitCode = code;
