// The local WeChat as a product of its own, and every face's picture; beside it runs house.test.js, with a house of its own.
import { run } from './desk/run.js'

await run(['sandbox-phones', 'sandbox-share', 'sandbox-search', 'sandbox-articles', 'sandbox-notices', 'sandbox-pay', 'sandbox-keys', 'sandbox-faults', 'sandbox-crowd', 'sandbox-access', 'faces'])
