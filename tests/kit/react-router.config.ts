import type { Config } from '@react-router/dev/config'

export default {
  appDirectory: '.',
  // A folder for each run: two of them may test at once.
  buildDirectory: process.env['KIT_BUILD'] ?? '../../build/kit',
  basename: '/kit',
  ssr: true,
  splitRouteModules: false,
  routeDiscovery: { mode: 'initial' },
} satisfies Config
