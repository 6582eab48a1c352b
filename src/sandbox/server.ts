import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { control, isControl } from './control.js'
import { createEngine } from './engine.js'
import { engineControls } from './engine-controls.js'
import type { SandboxResource } from './resource.js'
import { failure, send } from './response.js'
import type { Sandbox, SandboxOptions } from './sandbox.js'
import { readJson, serveCall } from './serve-call.js'

export type { Sandbox } from './sandbox.js'

/** Starts a sandbox on loopback. */
export async function startSandbox<const Resources extends readonly SandboxResource[]>(
  options: SandboxOptions<Resources>,
): Promise<Sandbox<Resources>> {
  const engine = createEngine(options)
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS })
  const url = await listen(server, options.port ?? 0)
  const sandbox: Sandbox = { ...engine.handle, url, stop: () => stop(server, engine.stopping) }
  const controls = [...engineControls(sandbox), ...engine.controlRoutes]
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const call = { request, response, url: new URL(request.url ?? '/', url) }
    if (!isControl(call.url)) return serveCall(engine.service, call)
    send(response, control(controls, { method: request.method ?? 'GET', url: call.url, body: await readJson(request) }))
  }
  server.on('request', (request, response) => {
    serve(request, response).catch((error) => giveUp(response, error))
  })
  // The controls that the type adds are in `handle` already.
  return sandbox as Sandbox<Resources>
}

/** Longer than any client keeps a socket idle, so that no call is lost to a closing one unless a fault says so. */
const KEEP_ALIVE_MS = 120_000

async function listen(server: Server, port: number): Promise<string> {
  await once(server.listen(port, '127.0.0.1'), 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Nobody waits for a response once the client has left or the sandbox stops; any other error is a bug and must show. */
function giveUp(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) response.destroy()
  else send(response, failure(500, `The sandbox failed: ${String(error)}`))
}

async function stop(server: Server, stopping: AbortController): Promise<void> {
  stopping.abort()
  if (!server.listening) return
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}
