import express from 'express'
import type { Router } from 'express'
import type { AppParts } from '../app-parts.ts'
import { addProject, projectsOf } from '../data/projects.ts'
import { projectsPage } from '../pages/organization-pages.ts'
import { membershipOf, nameField, sendPage, signedIn } from './forms.ts'

/** The projects as pages. Every role may see and start them. */
export function projectRoutes({ database }: AppParts): Router {
  const router = express.Router()
  router.get('/', (_req, res) => res.redirect(303, '/projects'))
  router.get('/projects', signedIn, async (req, res) => {
    const own = membershipOf(req)
    sendPage(req, res, 'Projects', projectsPage(own, await projectsOf(database, own.organizationId)))
  })
  router.post('/projects', signedIn, async (req, res) => {
    const name = nameField(req, 'name')
    if (name !== '') await addProject(database, membershipOf(req).organizationId, name)
    res.redirect(303, '/projects')
  })
  return router
}
