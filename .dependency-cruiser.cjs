// The arrows of the house (CONTRIBUTING.md), checked on every run.
const room = (name, from, to, comment) => ({ name, severity: 'error', comment, from, to })
const ours = '^(src|emulators)/'
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: { path: ours },
      to: { circular: true, dependencyTypesNot: ['type-only'] },
    },
    room(
      'kernel-is-alone',
      { path: '^src/kernel/' },
      { path: ours, pathNot: '^src/kernel/' },
      'kernel imports nothing of ours',
    ),
    room(
      'platform-knows-kernel',
      { path: '^src/platform/' },
      { path: ours, pathNot: '^src/(kernel|platform)/' },
    ),
    room(
      'modules-do-not-meet',
      { path: '^src/modules/([^/]+)/' },
      { path: ours, pathNot: ['^src/(kernel|platform)/', '^src/modules/$1/'] },
      'two modules meet in a flow or a view',
    ),
    room(
      'modules-have-a-front-door',
      { path: '^src/(flows|views|web|connectors)/' },
      { path: '^src/modules/[^/]+/', pathNot: '/index\\.ts$' },
    ),
    room(
      'connectors-know-ports',
      { path: '^src/connectors/([^/]+)/', pathNot: '\\.test\\.ts$' },
      {
        path: ours,
        pathNot: [
          '^src/kernel/',
          '^src/modules/[^/]+/index\\.ts$',
          '^src/platform/outbound\\.ts$',
          '^src/connectors/$1/',
        ],
      },
    ),
    room(
      'flows',
      { path: '^src/flows/', pathNot: '\\.test\\.ts$' },
      { path: ours, pathNot: '^src/(kernel|platform|modules|flows)/' },
    ),
    room(
      'views',
      { path: '^src/views/', pathNot: '\\.test\\.ts$' },
      { path: ours, pathNot: '^src/(kernel|platform|modules|views)/' },
    ),
    room(
      'web',
      { path: '^src/web/', pathNot: '\\.test\\.ts$' },
      { path: ours, pathNot: ['^src/(kernel|modules|flows|views|web)/', '^src/platform/http\\.ts$'] },
    ),
    room('nothing-imports-main', { path: '^src/', pathNot: '^src/main/' }, { path: '^src/main/' }),
    room(
      'emulators-are-strangers',
      { path: '^emulators/' },
      { path: '^src/' },
      'an emulator that shares code with its client proves nothing',
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(build|node_modules|\\.react-router)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
    },
  },
}
