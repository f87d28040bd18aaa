import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

/** Leaves a .gz beside every text file of the build, so that the Go server never compresses at run time. */
export function gzip(): Plugin {
  let out = ''
  return {
    name: 'weizheng-gzip',
    apply: 'build',
    configResolved: (config) => {
      out = config.build.outDir
    },
    closeBundle: () => walk(out),
  }
}

function walk(dir: string) {
  for (const name of readdirSync(dir)) {
    const path = join(dir, name)
    if (statSync(path).isDirectory()) walk(path)
    else if (/\.(js|css|html|svg)$/.test(name) && statSync(path).size > 1024) {
      writeFileSync(path + '.gz', gzipSync(readFileSync(path), { level: 9 }))
    }
  }
}
