import { defineConfig } from 'vite'
import { webApp } from '../../src/web/vite.ts'

export default defineConfig(webApp({ folder: import.meta.url, base: '/kit/' }))
