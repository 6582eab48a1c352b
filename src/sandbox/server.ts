import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CONTROL_ROOT, type ControlRoute, control } from './control.js'
import { createEngine } from './engine.js'
import { engineControls } from './engine-controls.js'
import { send } from './fault-delivery.js'
import type { SandboxResource } from './resource.js'
import { failure } from './response.js'
import type { Sandbox, SandboxOptions } from './sandbox.js'
import { type Arrival, readJson, type Service, serveCall } from './serve-call.js'

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
  server.on('request', (request, socket) => {
    const arrival = { request, socket, url: new URL(request.url ?? '/', url) }
    serve(engine.service, controls, arrival).catch((error: unknown) => giveUp(socket, error))
  })
  // The handle has the controls of these resources; the type says which.
  return sandbox as Sandbox<Resources>
}

/** Longer than any client keeps a socket idle, so that no call is lost to a closing one unless a fault says so. */
const KEEP_ALIVE_MS = 120_000

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    })
  })
}

async function serve(service: Service, controls: readonly ControlRoute[], arrival: Arrival): Promise<void> {
  const { request, url, socket } = arrival
  const isControl = url.pathname === CONTROL_ROOT || url.pathname.startsWith(`${CONTROL_ROOT}/`)
  if (!isControl) return serveCall(service, arrival)
  send(socket, control(controls, { method: request.method ?? 'GET', url, body: await readJson(request) }))
}

/** Nobody waits for a response once the client has left or the sandbox stops; any other error is a bug and must show. */
function giveUp(socket: ServerResponse, error: unknown): void {
  if (socket.headersSent || socket.destroyed) socket.destroy()
  else send(socket, failure(500, `The sandbox failed: ${String(error)}`))
}

async function stop(server: Server, stopping: AbortController): Promise<void> {
  stopping.abort()
  if (!server.listening) return
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}
