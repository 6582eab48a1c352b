import { describePlainClient } from '../support/plain-client.js'
import { ask, createClient } from './client.js'
import { eachLink, updateLink } from './payment-links.js'

describePlainClient({ name: 'graphql-request', connect: createClient, ask, eachLink, updateLink })
