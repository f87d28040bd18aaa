import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import components from 'unplugin-vue-components/vite'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import { defineConfig } from 'vitest/config'
import { gzip } from './build/gzip.ts'
import { mock } from './dev/mock.ts'

// `npm run dev` talks to a running weizheng (WEIZHENG=http://… to choose one); `npm run mock` needs none.
export default defineConfig(({ mode }) => ({
  base: '/console/',
  plugins: [
    vue(),
    components({ dirs: [], resolvers: [ElementPlusResolver({ importStyle: 'css' })], dts: 'src/components.d.ts' }),
    gzip(),
    ...(mode === 'mock' ? [mock()] : []),
  ],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    // Desktops of offices run Chromium-based browsers several years old.
    target: ['chrome87', 'firefox91', 'safari15'],
    // Data URIs would need a wider Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  server: {
    host: '127.0.0.1',
    proxy: mode === 'mock' ? undefined : { '/console/api': process.env.WEIZHENG ?? 'http://127.0.0.1:8080' },
  },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
}))
