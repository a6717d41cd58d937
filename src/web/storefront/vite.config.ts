import { defineConfig } from 'vite'
import { webApp } from '../vite.ts'

export default defineConfig(webApp({ folder: import.meta.url, base: '/' }))
