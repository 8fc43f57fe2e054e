"""Writes what a CI service needs to build, test and publish a project."""
