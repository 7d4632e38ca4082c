"""Images for the screen: conversion to Qt, smaller copies, color maps, color management."""
