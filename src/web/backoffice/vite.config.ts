import { defineConfig } from 'vite'
import { webApp } from '../vite.ts'

export default defineConfig(webApp({ name: 'backoffice', base: '/bss/' }))
