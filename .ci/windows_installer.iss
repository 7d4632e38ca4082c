; Inno Setup 6: an installer of the built program. NOT YET RUN on Windows.
; .ci/build.py --package runs: iscc /DVersion=... /DName=... .ci\windows_installer.iss
; To sign, define a sign tool named "release" in Inno Setup and add /DSign to the command.

#ifndef Version
  #error Version is not defined: run .ci\build.py --package
#endif
#define Command "ddrm-restore"
#define Source "..\build\bundle\dist\ddrm-restore"

[Setup]
AppId=org.ddrm-restore.app
AppName={#Name}
AppVersion={#Version}
AppPublisher=The DDRM Restore contributors
DefaultDirName={autopf}\{#Name}
DefaultGroupName={#Name}
; Without administrator rights the program is installed for the user alone.
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
LicenseFile=..\LICENSE
OutputDir=..\build\bundle\packages
OutputBaseFilename={#Command}-{#Version}-windows
SetupIconFile=..\build\bundle\icons\program.ico
UninstallDisplayIcon={app}\{#Name}.exe
Compression=lzma2
SolidCompression=yes
ChangesEnvironment=yes
ChangesAssociations=yes
WizardStyle=modern
#ifdef Sign
SignTool=release
SignedUninstaller=yes
#endif

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"
Name: "de"; MessagesFile: "compiler:Languages\German.isl"

[CustomMessages]
en.AddToPath=Make the command ddrm-restore available in terminals
de.AddToPath=Den Befehl ddrm-restore in Terminals verfügbar machen
en.RestoreWith=Restore with {#Name}
de.RestoreWith=Mit {#Name} restaurieren

[Tasks]
Name: "path"; Description: "{cm:AddToPath}"
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked

[InstallDelete]
; Files of an earlier version would be loaded beside those of this one.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "{#Source}\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion

[Icons]
Name: "{group}\{#Name}"; Filename: "{app}\{#Name}.exe"
Name: "{autodesktop}\{#Name}"; Filename: "{app}\{#Name}.exe"; Tasks: desktopicon

[Registry]
; "Open with" and the context menu of JPEG files. Other programs stay the standard ones.
Root: HKA; Subkey: "Software\Classes\Applications\{#Name}.exe\shell\open\command"; ValueType: string; ValueData: """{app}\{#Name}.exe"" open ""%1"""; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\Applications\{#Name}.exe\SupportedTypes"; ValueType: string; ValueName: ".jpg"; ValueData: ""; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\Applications\{#Name}.exe\SupportedTypes"; ValueType: string; ValueName: ".jpeg"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\Applications\{#Name}.exe\SupportedTypes"; ValueType: string; ValueName: ".png"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\Applications\{#Name}.exe\SupportedTypes"; ValueType: string; ValueName: ".tif"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\Applications\{#Name}.exe\SupportedTypes"; ValueType: string; ValueName: ".webp"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\SystemFileAssociations\.jpg\shell\{#Command}"; ValueType: string; ValueData: "{cm:RestoreWith}"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\SystemFileAssociations\.jpg\shell\{#Command}\command"; ValueType: string; ValueData: """{app}\{#Name}.exe"" open ""%1"""
Root: HKA; Subkey: "Software\Classes\SystemFileAssociations\.jpeg\shell\{#Command}"; ValueType: string; ValueData: "{cm:RestoreWith}"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\SystemFileAssociations\.jpeg\shell\{#Command}\command"; ValueType: string; ValueData: """{app}\{#Name}.exe"" open ""%1"""
Root: HKCU; Subkey: "Environment"; ValueType: expandsz; ValueName: "Path"; ValueData: "{olddata};{app}"; Tasks: path; Check: IsNotOnPath

[Run]
Filename: "{app}\{#Name}.exe"; Description: "{cm:LaunchProgram,{#Name}}"; Flags: nowait postinstall skipifsilent

[Code]
function IsNotOnPath: Boolean;
var
  Path: string;
begin
  if not RegQueryStringValue(HKCU, 'Environment', 'Path', Path) then
    Path := '';
  Result := Pos(';' + Lowercase(ExpandConstant('{app}')) + ';', ';' + Lowercase(Path) + ';') = 0;
end;

procedure CurUninstallStepChanged(CurrentStep: TUninstallStep);
var
  Path, Folder: string;
begin
  if (CurrentStep <> usPostUninstall) or not RegQueryStringValue(HKCU, 'Environment', 'Path', Path) then
    exit;
  Folder := ';' + ExpandConstant('{app}');
  if StringChangeEx(Path, Folder, '', True) > 0 then
    RegWriteExpandStringValue(HKCU, 'Environment', 'Path', Path);
end;
