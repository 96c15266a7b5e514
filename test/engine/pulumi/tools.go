//go:build tools

// Package pulumi pins what the engine's command line is built from.
package pulumi

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
