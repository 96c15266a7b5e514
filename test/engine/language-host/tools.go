//go:build tools

// Package host pins what the language host for Node.js is built from.
package host

import _ "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs"
