import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

// The build goes into dist/built, so that the committed placeholder dist/index.html is never touched.
export default defineConfig({
  plugins: [vue()],
  build: { outDir: 'dist/built', emptyOutDir: true, target: 'es2020', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { host: '127.0.0.1', proxy: { '/sandbox': 'http://127.0.0.1:8090' } },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
})
