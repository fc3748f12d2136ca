import { authorizationServerMetadata, protectedResourceMetadata } from '@tessera/http'
import express from 'express'
import type { Express } from 'express'
import { describe, expect, it } from 'vitest'
import { serve } from '../testing/serve.ts'
import { metadataRouter } from './oauth-routers.ts'

const server = authorizationServerMetadata({ issuer: 'https://api.example.com' })
const resource = protectedResourceMetadata({ resource: 'https://api.example.com/v1' })
const SERVER = '/.well-known/oauth-authorization-server'
const RESOURCE = '/.well-known/oauth-protected-resource/v1'

function open(mount: (app: Express) => void = (app) => void app.use(metadataRouter(server, resource))) {
  const app = express()
  mount(app)
  app.use((_req, res) => void res.status(404).send('the app'))
  return serve(app)
}

describe('metadataRouter', () => {
  it('serves each document at its path, and lets caches keep it', async () => {
    const ask = await open()
    await expect(ask('GET', SERVER)).resolves.toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'public, max-age=3600' },
      json: { issuer: 'https://api.example.com' },
    })
    await expect(ask('GET', RESOURCE)).resolves.toMatchObject({ json: { resource: 'https://api.example.com/v1' } })
  })

  it('answers HEAD like GET, without the body, and other methods with 405', async () => {
    const ask = await open()
    const [head, get] = [await ask('HEAD', SERVER), await ask('GET', SERVER)]
    expect(head).toMatchObject({ status: 200, text: '' })
    expect(head.headers['content-length']).toBe(get.headers['content-length'])
    await expect(ask('POST', SERVER)).resolves.toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } })
  })

  it('leaves every other path to the app', async () => {
    const ask = await open()
    for (const path of ['/', '/.well-known', `${SERVER}/v1`, '/.well-known/oauth-protected-resource', '/__proto__'])
      await expect(ask('GET', path)).resolves.toMatchObject({ status: 404, text: 'the app' })
  })

  it.each(['/', '/.well-known', SERVER])('finds the paths from the root where it is mounted under %s', async (path) => {
    const ask = await open((app) => void app.use(path, metadataRouter(server)))
    for (const at of [SERVER, `${SERVER}/`]) await expect(ask('GET', at)).resolves.toMatchObject({ status: 200 })
  })

  it('refuses to be built with anything but such documents', () => {
    for (const args of [[], [{}], [server, null], [{ issuer: 'https://api.example.com' }]])
      expect(() => Reflect.apply(metadataRouter, undefined, args)).toThrow(TypeError)
  })
})
