// The process behind renderPdf: takes a task, answers a PDF. Nothing else may import this file.
import { randomUUID } from 'node:crypto'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler'

export type CompilerTask = {
  template: string
  inputs: Record<string, string>
  createdAtSeconds: number | undefined
  timeLimitMs: number
}
export type CompilerAnswer = { pdf: Uint8Array } | { fault: string }

const inter = dirname(createRequire(import.meta.url).resolve('@expo-google-fonts/inter/package.json'))
// A template may read the files of its workspace, so it gets one that does not exist.
const workspace = join(tmpdir(), `no-workspace-${randomUUID()}`)

const compiler = NodeCompiler.create({
  workspace,
  fontArgs: [{ fontPaths: ['400Regular', '600SemiBold', '700Bold'].map((weight) => join(inter, weight)) }],
})

// While a template compiles this thread hears nothing, not even that our parent died. Another one counts for it.
const watch = new Worker(
  `let timer
  require('node:worker_threads').parentPort.on('message', (ms) => {
    clearTimeout(timer)
    if (ms) timer = setTimeout(() => process.kill(process.pid, 'SIGKILL'), ms)
  })`,
  { eval: true },
)

process.on('message', (task: CompilerTask) => {
  watch.postMessage(task.timeLimitMs + 5_000)
  const answer = answerTo(task)
  watch.postMessage(0)
  compiler.evictCache(0) // without it every paper leaves four megabytes behind
  process.send?.(answer)
})
process.once('disconnect', () => process.exit(0))

function answerTo({ template, inputs, createdAtSeconds }: CompilerTask): CompilerAnswer {
  const compiled = compiler.compile({ mainFileContent: template, inputs })
  const document = compiled.result
  if (!document) return { fault: faultOf(compiled.takeError()) }
  const options = { creationTimestamp: createdAtSeconds ?? 0 }
  try {
    return { pdf: compiler.pdf(document, { ...options, pdfStandard: 'a-3a' }) }
  } catch {
    // The archive standard forbids, say, a letter that no font of ours has. A plain PDF still serves.
    try {
      return { pdf: compiler.pdf(document, options) }
    } catch (error) {
      return { fault: String(error) }
    }
  }
}

function faultOf(error: { shortDiagnostics: unknown[] } | null): string {
  const messages = error?.shortDiagnostics.map(
    (each) => (each as { message?: string }).message ?? String(each),
  )
  return messages?.join('; ') || 'it does not compile.'
}
