#!/usr/bin/env bash
# Sign the built application, and pack it as a disk image. NOT YET RUN on macOS.
#
#     bash .ci/macos_image.sh NAME VERSION
#
# SIGNING_IDENTITY   name of a "Developer ID Application" certificate in the keychain. Without it, the
#                    application has an ad hoc signature, and users have to permit it in the settings.
# NOTARY_PROFILE     profile of `xcrun notarytool store-credentials`. Without it, nothing is notarized.
set -euo pipefail
cd "$(dirname "$0")/.."
name=$1 version=$2
application="build/bundle/dist/$name.app"
image="build/bundle/packages/ddrm-restore-$version-macos-$(uname -m).dmg"

# From the inside out: a signature covers those of the libraries in it.
sign() {
    codesign --force --options runtime --entitlements .ci/macos_entitlements.plist \
        --sign "${SIGNING_IDENTITY:--}" ${SIGNING_IDENTITY:+--timestamp} "$@"
}
find "$application/Contents" -type f \( -name "*.dylib" -o -name "*.so" -o -perm -u+x \) -print0 |
    while IFS= read -r -d "" file; do
        if file "$file" | grep -q "Mach-O"; then
            sign "$file"
        fi
    done
sign "$application"
codesign --verify --deep --strict "$application"

staging=$(mktemp -d)
trap 'rm -rf "$staging"' EXIT
cp -R "$application" "$staging/"
ln -s /Applications "$staging/Applications"
mkdir -p build/bundle/packages
rm -f "$image"
hdiutil create -volname "$name $version" -srcfolder "$staging" -format ULFO "$image"
if [ -n "${SIGNING_IDENTITY:-}" ]; then
    codesign --sign "$SIGNING_IDENTITY" --timestamp "$image"
fi
if [ -n "${NOTARY_PROFILE:-}" ]; then
    xcrun notarytool submit "$image" --keychain-profile "$NOTARY_PROFILE" --wait
    xcrun stapler staple "$image"
fi
