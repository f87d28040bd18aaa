// What citizens and staff do with the house; beside it runs sandbox.test.js, with a house of its own.
import { run } from './desk/run.js'

await run(['phone', 'console', 'live', 'private', 'org', 'reminder', 'form', 'fields', 'ability', 'flow', 'build', 'matter', 'access', 'worktime', 'clock'])
